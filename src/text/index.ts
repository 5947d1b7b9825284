/** What a person wrote: places in it, errors about it, YAML files and formulas. */
export { bundles, findAmong, isBareName } from './bundles.ts';
export { parseYamlValue } from './document.ts';
export {
  type ErrorCode,
  type ErrorParts,
  errorCodes,
  type Path,
  type Place,
  PlasticoreError,
} from './error.ts';
export { expected, found, plainMessage } from './expected.ts';
export { evaluate, type Formula } from './expression.ts';
export { Faults } from './faults.ts';
export { flatIssues, issuesToReport, pathOf } from './issues.ts';
export { jsonSchemaOf, key } from './key.ts';
export { mostUnpackedBytes, mostUnpackedTextBytes, tooLarge } from './limits.ts';
export { isReserved, reservedName } from './names.ts';
export { nearest, suggest } from './nearest.ts';
export { asKey, option, type SpellOption } from './option.ts';
export { applyOverrides, type Override, overrideOf } from './override.ts';
export {
  type FileKind,
  type Find,
  fileOf,
  type Resolve,
  type ResolveBytes,
  resolveAt,
  type SourceBytes,
  type SourceText,
} from './reference.ts';
export {
  checkLength,
  choice,
  flag,
  hexDigits,
  indices,
  integer,
  list,
  oneOf,
  positive,
  share,
  text,
  truth,
  whole,
  wholes,
  word,
} from './values.ts';
export { newerFormat } from './version.ts';
export { checkValue, formatTag, type Located, parseYaml, strictObject } from './yaml.ts';
export { yamlText } from './yaml-text.ts';
