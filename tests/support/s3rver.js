// s3rver.js MODULES FOLDER: an S3 server that checks signatures, on a free port of 127.0.0.1, with the buckets `bucket`
// and `dotted.bucket`. Access key and secret are S3RVER.
'use strict'
const { join } = require('node:path')
const [modules, directory] = process.argv.slice(2)
const Server = require(join(modules, '@20minutes/s3rver'))

const server = new Server({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  configureBuckets: ['bucket', 'dotted.bucket'].map((name) => ({ name, configs: [] })),
})
server.run((error, where) => {
  if (error) throw error
  console.error(`listens on ${where.port}.`)
})
