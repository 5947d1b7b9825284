import { type Path, type Place, PlasticoreError, type Resolve, resolveAt } from '../text/index.ts';
import { isAccessEstimated } from './clock-remarks.ts';
import { cellUm2, sram, usualFlavour } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { MergedFiles } from './layers.ts';
import { chooseMacros, parseMacros } from './macros.ts';
import type { Bank, Ports } from './model.ts';
import type { BankEntry, HwModelFile } from './schema.ts';
import { auto } from './schema-values.ts';
import type { Sources } from './sources.ts';

/** The banks of a model: built of macros, as stated, or estimated. */
export function readBanks(
  layered: MergedFiles<HwModelFile>,
  estimates: Estimates,
  sources: Sources,
  resolve: Resolve,
): Bank[] {
  return Object.entries(layered.value.banks).map(([name, entry]) => {
    const { wordBits, bitMask } = entry;
    const ports = readPorts(entry);
    const figures =
      entry.macros === undefined
        ? ofShape(name, entry, layered.value, estimates, sources)
        : ofMacros(name, entry, entry.macros, layered, sources, resolve);
    checkAccess(figures.accessNs, ['banks', name], layered);
    return { name, wordBits, ports, bitMask, ...figures };
  });
}

type BankFigures = Omit<Bank, 'name' | 'wordBits' | 'ports' | 'bitMask'>;

function ofShape(
  name: string,
  entry: BankEntry,
  { technologyNm, bankSupplyV }: HwModelFile,
  estimates: Estimates,
  sources: Sources,
): BankFigures {
  const path = ['banks', name];
  const { capacityBits, wordBits } = entry;
  const estimated = estimates.of(
    sram,
    path,
    {
      capacityBits: estimates.input(capacityBits, ...path, 'capacityBits'),
      wordBits: estimates.input(wordBits, ...path, 'wordBits'),
      ports: estimates.input(portsOf(readPorts(entry)), ...path, 'ports'),
      ...(bankSupplyV !== undefined && { supplyV: estimates.input(bankSupplyV, 'bankSupplyV') }),
    },
    entry.flavour ?? usualFlavour,
  );
  const stated = () => sources.named(entry.source, ...path);
  const readPj = estimated.or('readPj', entry.readPj, stated);
  const writePj = estimated.or('writePj', entry.writePj, stated);
  const leakUw = estimated.or('leakUw', entry.leakUw, stated);
  const areaUm2 = estimated.or('areaUm2', entry.areaUm2, () => sources.named(entry.source));
  return {
    capacityBits,
    readPj: readPj.value,
    writePj: writePj.value,
    leakUw: leakUw.value,
    // The estimate is in proportion to the cell of a foundry's node.
    areaUm2:
      entry.cellUm2 === undefined || entry.areaUm2 !== auto
        ? areaUm2.value
        : (areaUm2.value * entry.cellUm2) / cellUm2(technologyNm),
    accessNs: isAccessEstimated(entry)
      ? estimated.of('accessNs').value
      : entry.accessNs === auto
        ? undefined
        : entry.accessNs,
    sources: {
      readPj: readPj.source,
      writePj: writePj.source,
      leakUw: leakUw.source,
      areaUm2: areaUm2.source,
    },
  };
}

function ofMacros(
  name: string,
  entry: BankEntry,
  file: string,
  { value, locate }: MergedFiles<HwModelFile>,
  sources: Sources,
  resolve: Resolve,
): BankFigures {
  const place = locate(['banks', name, 'macros']);
  const csv = resolveAt(file, place.file, place, resolve);
  const wanted = {
    capacityBits: entry.capacityBits,
    wordBits: entry.wordBits,
    ports: readPorts(entry),
    periodNs: 1000 / value.clockMhz,
  };
  const { macro, capacityBits, readPj, writePj, leakUw, areaUm2 } = chooseMacros(
    parseMacros(csv.text, csv.file),
    wanted,
    place,
  );
  const source = sources.named(entry.source);
  return {
    capacityBits,
    readPj,
    writePj,
    leakUw,
    areaUm2,
    accessNs: macro.accessNs,
    sources: { readPj: source, writePj: source, leakUw: source, areaUm2: source },
  };
}

/** An access takes a cycle. */
function checkAccess(
  accessNs: number | undefined,
  bank: Path,
  { value: { clockMhz }, locate }: MergedFiles<HwModelFile>,
): void {
  const periodNs = 1000 / clockMhz;
  if (accessNs === undefined || accessNs <= periodNs) return;
  const place: Place = locate([...bank, 'accessNs']);
  throw new PlasticoreError(
    'fit',
    `${bank.join('.')}: an access takes ${rounded(accessNs)} ns, a cycle at ${rounded(clockMhz)} MHz ${rounded(periodNs)} ns`,
    {
      ...place,
      hint: `it fits a clock of at most ${rounded(Math.floor(1e6 / accessNs) / 1000)} MHz; a smaller bank or a higher supply is faster`,
    },
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function readPorts({ ports }: BankEntry): Ports {
  const { read, write, shared } = ports;
  if (shared !== undefined) return { shared };
  if (read === undefined || write === undefined) throw new Error('ports that the checks require are missing');
  return { read, write };
}

function portsOf(ports: Ports): number {
  return 'shared' in ports ? ports.shared : ports.read + ports.write;
}
