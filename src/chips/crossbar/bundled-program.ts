/** The hash of the program that the module of a chip carries out. Made by scripts/generate.ts. */
export const bundledProgram = '55ac3f5c474514a8f0025fd9da441f095806110f340be3f364216f5cfa348ef4';
