import { type Estimator, fitted, type Point, type Quantity } from './estimator.ts';
import { fitLogarithms, fitSums } from './fit.ts';
import { macroNm, macroPoint, macroV, publishedMacros } from './macros-130nm.ts';

/** The shape to which coefficients refer. */
const base = { capacityBits: 65_536, wordBits: 64, nm: 28, supplyV: 0.9 };

interface PublishedRead {
  readonly of: string;
  readonly capacityBits: number;
  readonly wordBits: number;
  readonly nm: number;
  readonly supplyV: number;
  readonly pj: number;
  readonly cite: string;
}

const kb = 8192;
const horowitz = { nm: 45, supplyV: 0.9, wordBits: 64, cite: 'M. Horowitz, ISSCC 2014' };
// The supply at 7 nm is not stated; 0.75 V is that node's.
const jouppi = { nm: 7, supplyV: 0.75, wordBits: 64, cite: 'N. Jouppi et al., ISCA 2021, Table 2' };
const chips: readonly PublishedRead[] = [
  { of: '8 KB', capacityBits: 8 * kb, pj: 10, ...horowitz },
  { of: '32 KB', capacityBits: 32 * kb, pj: 20, ...horowitz },
  { of: '1 MB', capacityBits: 1024 * kb, pj: 100, ...horowitz },
  { of: '8 KB', capacityBits: 8 * kb, pj: 7.5, ...jouppi },
  { of: '32 KB', capacityBits: 32 * kb, pj: 8.5, ...jouppi },
  { of: '1 MB', capacityBits: 1024 * kb, pj: 14, ...jouppi },
  {
    of: "TrueNorth's core memory, 256 rows, 47 fJ a bit",
    capacityBits: 256 * 410,
    wordBits: 410,
    nm: 28,
    supplyV: 0.775,
    pj: 410 * 0.047,
    cite: 'P. A. Merolla et al., Science 345:668, 2014, supplement S5',
  },
];

/** Wires of a bank grow with its capacity, and count for more in an older node; beyond 45 nm no figure says how. */
const nodeOfCapacity = (nm: number): number => Math.log(Math.min(nm, 45) / base.nm);
const perShape = (capacityBits: number, wordBits: number, nm: number): number[] => [
  Math.log(capacityBits / base.capacityBits),
  Math.log(capacityBits / base.capacityBits) * nodeOfCapacity(nm),
  Math.log(wordBits / base.wordBits),
];

const withEnergy = publishedMacros.flatMap(({ readPj, writePj, ...macro }) =>
  readPj === undefined || writePj === undefined ? [] : [{ ...macro, readPj, writePj }],
);
/**
 * The macros at 130 nm have a level of their own, the last coefficient, so that they tell how energy follows capacity
 * and word, and nothing of the node.
 */
const readFit = fitLogarithms(
  [
    ...chips.map(({ capacityBits, wordBits, nm }) => [
      1,
      ...perShape(capacityBits, wordBits, nm),
      Math.log(nm / base.nm),
      0,
    ]),
    ...withEnergy.map(({ words, bits }) => [1, ...perShape(words * bits, bits, macroNm), 0, 1]),
  ],
  [
    ...chips.map(({ pj, supplyV }) => pj / (supplyV / base.supplyV) ** 2),
    ...withEnergy.map(({ readPj }) => readPj / (macroV / base.supplyV) ** 2),
  ],
);
const readPoints = [
  ...chips.map(
    ({ of, wordBits, nm, supplyV, pj, cite }): Point => ({
      of: `read of ${wordBits} bits, ${of}, ${nm} nm, ${supplyV} V`,
      value: pj,
      cite,
      checked: 'secondary',
    }),
  ),
  ...withEnergy.map((macro) => ({
    ...macroPoint(macro, macro.readPj),
    of: `read, ${macroPoint(macro, 0).of}`,
  })),
];

/** A write as a multiple of a read. */
const seneca = { of: 'store over load, SENECA, 22 nm', value: 3.9 / 3.7 };
const writeFit = fitLogarithms(
  [...withEnergy, seneca].map(() => [1]),
  [...withEnergy.map(({ readPj, writePj }) => writePj / readPj), seneca.value],
);
const writePoints = [
  ...withEnergy.map((macro) => ({
    ...macroPoint(macro, macro.writePj / macro.readPj),
    of: `write over read, ${macroPoint(macro, 0).of}`,
  })),
  { ...seneca, cite: 'G. Tang et al., Front. Neurosci. 17:1187252, 2023', checked: 'primary' as const },
];

const [level = 0, ofCapacity = 0, ofCapacityByNode = 0, ofWord = 0, ofNode = 0] = readFit.coefficients;
const writeToRead = Math.exp(writeFit.coefficients[0] ?? 0);

const energy: Quantity = fitted({
  source: 'estimator:sram.energy',
  unit: 'pJ',
  law: `read: ${Math.exp(level).toPrecision(3)} pJ x (capacity / 64 kbit)^(${ofCapacity.toFixed(2)} + ${ofCapacityByNode.toFixed(2)} ln(node / 28 nm)) x (word / 64 bits)^${ofWord.toFixed(2)} x (node / 28 nm)^${ofNode.toFixed(2)} x (supply / 0.9 V)^2; write: x ${writeToRead.toFixed(2)}`,
  assumes:
    '0.75 V for the figures at 7 nm, whose supply is not published. Published are 4 kbit to 8 Mbit and words of 8 to 410 bits; beyond, by a factor of up to eight, the fit is carried on. An access costs the same with more ports, as in the macros of two ports',
  fits: [
    [readFit, readPoints],
    [writeFit, writePoints],
  ],
});

// Less the reads of all rows in each tick, 4096 x 256 x 410 bits x 47 fJ x 1 kHz = 20.21 mW at 0.775 V, at each supply.
const trueNorthKb = (4096 * 256 * 410) / kb;
const trueNorthUw = (mw: number, supplyV: number): number =>
  ((mw - 20.21 * (supplyV / 0.775) ** 2) * 1000) / trueNorthKb;
const leaks: readonly {
  readonly of: string;
  readonly nm: number;
  readonly supplyV: number;
  readonly uw: number;
  readonly cite: string;
  readonly checked: Point['checked'];
}[] = [
  {
    of: 'TrueNorth at rest without its reads, 28 nm, 0.70 V',
    nm: 28,
    supplyV: 0.7,
    uw: trueNorthUw(42, 0.7),
    cite: 'Merolla et al. 2014',
    checked: 'secondary',
  },
  {
    of: 'TrueNorth at rest without its reads, 28 nm, 0.80 V',
    nm: 28,
    supplyV: 0.8,
    uw: trueNorthUw(64.43, 0.8),
    cite: 'derived from Merolla et al. 2014',
    checked: 'secondary',
  },
  {
    of: "ODIN's core, 36 KB, 28 nm, 0.55 V",
    nm: 28,
    supplyV: 0.55,
    uw: 27.3 / 36,
    cite: 'C. Frenkel et al., IEEE TBioCAS 13(1), 2019',
    checked: 'secondary',
  },
  {
    of: "Loihi's core, 2 Mbit, 14 nm, 0.75 V",
    nm: 14,
    supplyV: 0.75,
    uw: 816 / 256,
    cite: 'derived from E. P. Frady et al. 2020',
    checked: 'secondary',
  },
  {
    of: 'macros, 130 nm, 1.2 V, 25 degrees',
    nm: macroNm,
    supplyV: macroV,
    uw: 0.09901,
    cite: 'IHP Open PDK, sg13_sram',
    checked: 'primary',
  },
];
const leakFit = fitLogarithms(
  leaks.map(({ nm }) => [1, Math.log(nm / base.nm)]),
  leaks.map(({ uw, supplyV }) => uw / (supplyV / base.supplyV) ** 3),
);
const [leakLevel = 0, leakOfNode = 0] = leakFit.coefficients;
/** Both macros of two ports leak 1.61 times as much as those of one. */
const leakOfPort = 0.61;

const leakage: Quantity = fitted({
  source: 'estimator:sram.leakage',
  unit: 'uW',
  law: `${Math.exp(leakLevel).toPrecision(3)} uW a KB x (node / 28 nm)^${leakOfNode.toFixed(2)} x (supply / 0.9 V)^3 x (1 + ${leakOfPort} for each port beyond the first)`,
  assumes:
    'the cube of the supply: current as its square, by the lowering of barriers (TrueNorth between 0.70 and 0.80 V has 3.9). Figures of whole cores count all that leaks in them: what logic leaks is charged with the bits of the banks, and follows these, not the logic',
  range: { technologyNm: { unit: 'nm', low: 14, high: 45 } },
  fits: [[leakFit, leaks.map(({ of, uw, cite, checked }): Point => ({ of, value: uw, cite, checked }))]],
});

/** Cells of six transistors in one foundry's nodes, in um2. */
const cells: readonly (readonly [nm: number, um2: number])[] = [
  [130, 2.43],
  [90, 0.999],
  [65, 0.499],
  [45, 0.242],
  [28, 0.127],
  [20, 0.081],
  [16, 0.07],
  [10, 0.042],
  [7, 0.027],
];
const nodeTerms = (nm: number): number[] => [1, Math.log(nm / base.nm), Math.log(nm / base.nm) ** 2];
const cellFit = fitLogarithms(
  cells.map(([nm]) => nodeTerms(nm)),
  cells.map(([, um2]) => um2),
);
const cellUm2 = (nm: number): number =>
  Math.exp(nodeTerms(nm).reduce((sum, term, index) => sum + term * (cellFit.coefficients[index] ?? 0), 0));

/** Cells, columns and rows of the macros with one port. */
const onePort = publishedMacros.filter(({ ports }) => ports === 1);
const shapeFit = fitSums(
  onePort.map(({ words, bits }) => [words * bits, bits, words]),
  onePort.map(({ areaUm2 }) => areaUm2),
);
/** The macros of two ports are 1.88 and 1.95 times as large as those of one. */
const areaOfPort = 0.915;
const [ofBit = 0, ofColumn = 0, ofRow = 0] = shapeFit.coefficients;

export const sramArea: Quantity = fitted({
  source: 'estimator:sram.area',
  unit: 'um2',
  law: `at ${macroNm} nm: ${ofBit.toPrecision(3)} um2 a bit + ${ofColumn.toPrecision(3)} um2 a bit of the word + ${ofRow.toPrecision(3)} um2 a word; at other nodes as a cell: ${cellUm2(28).toPrecision(3)} um2 at 28 nm, ${cellUm2(macroNm).toPrecision(3)} um2 at ${macroNm} nm; x (1 + ${areaOfPort} for each port beyond the first)`,
  assumes: 'decoders and sense amplifiers shrink as cells do',
  atLeast: { factor: 2, because: 'macros are published at one node, of one compiler' },
  fits: [
    [shapeFit, onePort.map((macro) => macroPoint(macro, macro.areaUm2))],
    [
      cellFit,
      cells.map(
        ([nm, um2]): Point => ({
          of: `cell of six transistors, ${nm} nm`,
          value: um2,
          cite: 'TSMC, presented at IEDM and VLSI from 2001 to 2016',
          checked: 'memory',
        }),
      ),
    ],
  ],
});

const accessFit = fitLogarithms(
  onePort.map(({ words, bits }) => [
    1,
    Math.log((words * bits) / base.capacityBits),
    Math.log(bits / base.wordBits),
  ]),
  onePort.map(({ accessNs }) => accessNs),
);
const [accessLevel = 0, accessOfCapacity = 0, accessOfWord = 0] = accessFit.coefficients;
/** Time of a gate by the alpha-power law: T. Sakurai and A. R. Newton, IEEE JSSC 25(2), 1990; 0.35 V, exponent 1.3. */
const gateTime = (supplyV: number): number => supplyV / (supplyV - 0.35) ** 1.3;

const access: Quantity = fitted({
  source: 'estimator:sram.access',
  unit: 'ns',
  law: `at ${macroNm} nm and ${macroV} V: ${Math.exp(accessLevel).toPrecision(3)} ns x (capacity / 64 kbit)^${accessOfCapacity.toFixed(2)} x (word / 64 bits)^${accessOfWord.toFixed(2)}; in proportion to the node, and to V / (V - 0.35 V)^1.3`,
  assumes: 'gates follow the node in proportion, and the supply by the alpha-power law',
  fits: [[accessFit, onePort.map((macro) => macroPoint(macro, macro.accessNs))]],
  atLeast: { factor: 2, because: 'the laws of node and supply have no figure of their own' },
});

type Input = 'capacityBits' | 'wordBits' | 'ports' | 'technologyNm' | 'supplyV';
export type SramFigure = 'readPj' | 'writePj' | 'leakUw' | 'areaUm2' | 'accessNs';

export const sram: Estimator<Input, SramFigure> = {
  name: 'sram',
  of: 'a bank of SRAM',
  kinds: [],
  range: {
    capacityBits: { unit: 'bits', low: 512, high: 2 ** 26 },
    wordBits: { unit: 'bits', low: 1, high: 2048 },
    ports: { unit: 'ports', low: 1, high: 8 },
    technologyNm: { unit: 'nm', low: 7, high: 45 },
    supplyV: { unit: 'V', low: 0.5, high: 1.3 },
  },
  misfit: ({ capacityBits, wordBits }) =>
    capacityBits % wordBits === 0
      ? undefined
      : { input: 'capacityBits', expected: `a multiple of the word's ${wordBits} bits` },
  figures: { readPj: energy, writePj: energy, leakUw: leakage, areaUm2: sramArea, accessNs: access },
  values: ({ capacityBits, wordBits, ports, technologyNm, supplyV }) => {
    const shape = perShape(capacityBits, wordBits, technologyNm);
    const ofShape = [ofCapacity, ofCapacityByNode, ofWord].reduce(
      (sum, exponent, index) => sum + exponent * (shape[index] ?? 0),
      level + ofNode * Math.log(technologyNm / base.nm),
    );
    const readPj = Math.exp(ofShape) * (supplyV / base.supplyV) ** 2;
    const words = capacityBits / wordBits;
    const at130 = ofBit * capacityBits + ofColumn * wordBits + ofRow * words;
    return {
      readPj,
      writePj: readPj * writeToRead,
      leakUw:
        (Math.exp(leakLevel) *
          (technologyNm / base.nm) ** leakOfNode *
          (supplyV / base.supplyV) ** 3 *
          capacityBits *
          (1 + leakOfPort * (ports - 1))) /
        kb,
      areaUm2: ((at130 * cellUm2(technologyNm)) / cellUm2(macroNm)) * (1 + areaOfPort * (ports - 1)),
      accessNs:
        (Math.exp(accessLevel) *
          (capacityBits / base.capacityBits) ** accessOfCapacity *
          (wordBits / base.wordBits) ** accessOfWord *
          technologyNm *
          gateTime(supplyV)) /
        (macroNm * gateTime(macroV)),
    };
  },
};
