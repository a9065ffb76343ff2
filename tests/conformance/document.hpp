#pragma once

#include <rapidjson/document.h>

#include <map>
#include <memory>
#include <string>

/// The case files as JSON values: YAML is only how people write them.
namespace opr::conformance {

using json = rapidjson::Value;
using document = rapidjson::Document;

/// What `${name}` stands for, each any value.
using variables = std::map<std::string, std::shared_ptr<const document>>;

/// Reads a YAML file. Plain scalars become null, booleans, numbers or texts; quoted ones are texts.
/// @throws std::runtime_error that names the file and, where it can, the line.
document read_yaml(const std::string& path);

/// A copy with all variables put in, in keys and texts. A text that is nothing but one variable becomes its
/// value, whatever its type. An object with one of these keys alone is a text: `$repeat: [text, times]`,
/// `$hex: digits`.
/// @throws std::runtime_error for a name in lower case that is no variable; `${NAME}` is left for shells.
document expand(const json& pattern, const variables& with);

std::string text_of(const json& value);  ///< A text as it is, anything else as JSON.
std::string as_json(const json& value);  ///< As JSON text.
document text_value(const std::string&); ///< A document that is this text.
document copy_of(const json& value);

/// A member of an object; null if there is none or `object` is none.
const json& member(const json& object, const char* key);

/// Puts all members of an object into another; what is there already is overwritten.
void merge(document& into, const json& members);

} // namespace opr::conformance
