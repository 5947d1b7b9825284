/** Items of lists that must exist; texts that a person wrote: their places, errors about them, YAML, formulas. */
export { addAt, at, indexOfLargest, inLane, isSet, known, numberAt, unravelIndex, wordAt } from './at.ts';
export { attempt, messageOf, reasonOf, refusal } from './attempt.ts';
export { bundledArrays, bundles, findAmong, isBareName, noBundled, noBundledArrays } from './bundles.ts';
export { inComment } from './comment.ts';
export { parseYamlValue } from './document.ts';
export { append, byKey, largest, magnitude, smallest, sum } from './ends.ts';
export * from './error.ts';
export { expected, found, wanted } from './expected.ts';
export {
  type BinaryOperator,
  type CompiledFormula,
  closures,
  evaluate,
  type Formula,
  type FormulaFunction,
  type FormulaMeaning,
  type FormulaNames,
  formulaOperations,
  readFormula,
  type UnaryOperator,
} from './expression.ts';
export { Faults, flatIssues, issuesToReport, pathOf, valueAt } from './faults.ts';
export { jsonValue, validated } from './json.ts';
export { jsonSchemaOf, key, layeredJsonSchema } from './key.ts';
export { layerReader, type MergedFiles } from './layers.ts';
export { mostUnpackedBytes, mostUnpackedTextBytes, tooLarge } from './limits.ts';
export { isReserved, missingSpace, nearest, recordOf, reservedName, suggest, tableOf } from './names.ts';
export { asFlag, command, option, spellOptions } from './option.ts';
export { applyOverrides, type Override, overrideOf } from './override.ts';
export * from './reference.ts';
export * from './values.ts';
export { newerFormat } from './version.ts';
export { enumerated, inGroups, plural, rounded } from './words.ts';
export { type CheckedYaml, checkValue, formatKey, parseYaml, strictObject, type ValueOf } from './yaml.ts';
export { yamlText } from './yaml-text.ts';
