import { areaOfParts } from './area.ts';
import { clock, registers, wires } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import type { Bank, HwModel } from './model.ts';
import type { HwModelFile } from './schema.ts';
import { auto } from './schema-values.ts';
import type { Sources } from './sources.ts';

/** The parts between which wires and the clock tree run. */
type Parts = Parameters<typeof areaOfParts>[0] & Pick<HwModel, 'technologyNm' | 'supplyV' | 'datapathBits'>;

/** Adds to the parts of a core what lies between them: wires from banks to lanes, and the clock tree. */
export function readWiring(
  value: HwModelFile,
  parts: Parts,
  estimates: Estimates,
  sources: Sources,
): Pick<HwModel, 'banks' | 'clockPower'> {
  const { totalUm2 } = areaOfParts(parts);
  return {
    banks: parts.banks.map((bank) => {
      const found = wiresOf(value, bank, totalUm2, estimates, sources);
      return found === undefined ? bank : { ...bank, wires: found };
    }),
    clockPower: readClock(value, parts, totalUm2, estimates, sources),
  };
}

function wiresOf(
  value: HwModelFile,
  { name, wordBits }: Bank,
  coreUm2: number,
  estimates: Estimates,
  sources: Sources,
): Bank['wires'] {
  const entry = value.banks[name];
  if (entry?.wirePj === undefined) return undefined;
  const path = ['banks', name];
  const { value: energyPj, source } = estimates
    .of(wires, path, {
      wordBits: estimates.input(wordBits, ...path, 'wordBits'),
      // From the middle of the core to its edge.
      lengthUm: estimates.input(Math.sqrt(coreUm2) / 2, ...path),
    })
    .or('energyPj', entry.wirePj, () => sources.named(entry.source, ...path));
  return { readPj: energyPj, writePj: energyPj, source };
}

/** The share of the area of control that flip-flops take; no figure says it. */
const flipFlopsOfControl = 0.25;

function readClock(
  { clockPower }: HwModelFile,
  parts: Parts,
  coreUm2: number,
  estimates: Estimates,
  sources: Sources,
): HwModel['clockPower'] {
  if (clockPower === undefined) return undefined;
  const { uwPerMhz, source } = clockPower;
  if (uwPerMhz !== auto) return { uwPerMhz, source: sources.named(source, 'clockPower') };
  const { areaUm2: flipFlopUm2 } = registers.values({ ...parts, widthBits: 1 }, '');
  const inRegisters = (parts.registers?.perLane ?? 0) * parts.lanes * parts.datapathBits;
  const inControl = (flipFlopsOfControl * parts.control.areaUm2) / flipFlopUm2;
  const estimated = estimates.of(clock, ['clockPower'], {
    flipFlops: estimates.input(Math.max(1, Math.round(inRegisters + inControl)), 'control'),
    coreUm2: estimates.input(Math.max(1, coreUm2), 'control'),
  });
  const [energy, area] = [estimated.of('energyPj'), estimated.of('areaUm2')];
  // 1 pJ a period is 1 uW at 1 MHz.
  return { uwPerMhz: energy.value, source: energy.source, area: { um2: area.value, source: area.source } };
}
