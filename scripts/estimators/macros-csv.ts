import table from '#points/sram-macros' with { type: 'json' };

/** The macros of IHP's open process, to which estimators are fitted, as `macros` of an hw-model takes them. */
export function openProcessMacros(): string {
  return `${[...head, columns.join(','), ...table.ihp.map((macro) => columns.map((name) => macro[name]).join(','))].join('\n')}\n`;
}

const columns = ['words', 'bits', 'ports', 'readPj', 'writePj', 'leakUw', 'areaUm2', 'accessNs'] as const;

const head = [
  "# The 28 SRAM macros of IHP's open process SG13G2, 130 nm, at 1.2 V, 25 C and typical transistors: RM_IHPSG13_1P_* (1rw) and",
  '# RM_IHPSG13_2P_* (1r1w), of github.com/IHP-GmbH/IHP-Open-PDK at 5cccb161. Copyright 2023 IHP PDK Authors, Apache License,',
  '# Version 2.0: ihp-sg13g2.LICENSE.txt. Changed: these figures alone, read from the Liberty files. An access is the energy of',
  "# the clock's rise with the macro enabled, to read or to write; the leakage is that of the cell; the access time is that of a",
  '# rising output at the middle slew and load of its table. Made of hw-models/points/sram-macros.json by scripts/generate.ts.',
];
