import { byKey } from '../../text/index.ts';
import type { BankPlan } from '../plan/core-plan.ts';
import { indexBits, leastSliceBits } from '../plan/widths.ts';
import { type CoreContext, kernelNumber } from './context.ts';
import type { KernelModule } from './kernel-body.ts';
import {
  always,
  cases,
  chosen,
  commentLine,
  instance,
  literal,
  onClock,
  reg,
  statements,
  type Verilog,
  when,
  wire,
} from './verilog.ts';

/** The banks, and who reaches them: the kernel that runs, a clear, or the host. */
export function banksText(context: CoreContext): string[] {
  return statements(
    '// ---- the host',
    'wire host_now = host_valid & rests;',
    context.plan.banks.map((bank) => bank.usedWords > 0 && bankText(context, bank)),
    hostText(context),
  );
}

function bankText(context: CoreContext, bank: BankPlan): Verilog {
  const name = `bank${bank.number}`;
  const ports = [...bank.readPorts.map((port) => `r${port}`), 'w'];
  return [
    commentLine(`---- bank ${bank.name}`),
    bank.readPorts.map((port) => readText(context, bank, port)),
    writesText(context, bank),
    instance(
      bank.module,
      '.clk(clk)',
      ports.map((port) => ['en', 'addr', 'data'].map((what) => `.${port}_${what}(${name}_${port}_${what})`)),
      bank.bitMask && `.w_mask(${name}_w_mask)`,
    ),
  ];
}

/** The reads through a port of a bank. */
function readText(context: CoreContext, bank: BankPlan, port: number): Verilog {
  const { modules, widths } = context;
  const bits = indexBits(bank.usedWords);
  const name = `bank${bank.number}_r${port}`;
  const reads = modules.flatMap((module) => {
    const { name: kernel, taps, first } = module;
    const { list } = first;
    const own = `${kernel}_b${bank.number}_r${port}`;
    const isRead = taps.has(`b${bank.number}_r${port}_en`);
    const isListed = list?.layout.bank === bank.number && list.port === port;
    if (!isRead && !isListed) return [];
    const enable = statements(isListed && 'list_reads', isRead && `${own}_en`).join(' | ');
    const address = isRead ? `${own}_addr` : literal(0, bits);
    const chosen = isListed ? `list_reads ? ${bits}'(list_address) : ${address}` : address;
    return [{ numbers: numbersOf(context, module), enable, address: chosen }];
  });
  const none = literal(0, bits);
  const ofBank = literal(bank.number, widths.bank);
  const taken = (condition: string, address: string): string =>
    when(condition, [`${name}_en = 1'b1;`, `${name}_addr = ${address}[${bits - 1}:0];`]);
  return [
    reg(undefined, `${name}_en`),
    reg(bits, `${name}_addr`),
    wire(bank.wordBits, `${name}_data`),
    always(
      // The address of a read that is not asked for is any; so there is one choice less before the bank.
      [`${name}_en = 1'b0;`, `${name}_addr = ${reads[0]?.address ?? none};`],
      cases(
        'kernel',
        reads.map(({ numbers, enable, address }, index) => [
          numbers,
          [`${name}_en = ${enable};`, index > 0 && `${name}_addr = ${address};`],
        ]),
      ),
      // The host, and passes over words, read through the first port.
      port === 0 && [
        bank.isMerged && taken(`ahead_reads & ahead_bank == ${ofBank}`, 'ahead_address'),
        bank.isPassedToRead && taken(`state == CLEAR & pass_reads & pass_bank == ${ofBank}`, 'pass_address'),
        `if (host_now & ~host_write & host_bank == ${literal(bank.number, widths.hostBank)}) ${name}_en = 1'b1;`,
        `if (rests) ${name}_addr = host_address[${bits - 1}:0];`,
      ],
    ),
  ];
}

/**
 * The writes into a bank: by a kernel, a pass over words, or the host. Only one of the first two has other words
 * than zeros. Kernels whose words repeat what a part of them has are joined by themselves, since multiplexers of
 * alike bits are one; so are those that write single bits, whose masks have no such bits.
 */
function writesText(context: CoreContext, bankPlan: BankPlan): Verilog {
  const { widths, modules } = context;
  const { number: bank, wordBits, usedWords, bitMask, isMerged, isPassedToWrite } = bankPlan;
  const bits = indexBits(usedWords);
  const name = `bank${bank}_w`;
  const writing = modules.filter(({ taps }) => taps.writes.has(bank));
  const groups = byKey(writing, ({ taps }) => {
    const { repeats = false, grain = wordBits } = taps.writes.get(bank) ?? {};
    return `${repeats ? 'repeated' : 'whole'}${grain < leastSliceBits ? '_bits' : ''}`;
  });
  const shapes = [...groups.keys()];
  /** Registers that have what the kernel that runs has; of a bank without a mask, whole words. */
  const ofRunning = (
    of: string,
    members: readonly KernelModule[],
    what: Readonly<Record<string, number | undefined>>,
  ): Verilog => {
    const each = <Value>(value: (part: string) => Value) =>
      Object.fromEntries(Object.keys(what).map((part) => [`${of}_${part}`, value(part)]));
    return chosen(
      'kernel',
      each((part) => what[part]),
      members.map((module) => [
        numbersOf(context, module),
        each((part) => `${module.name}_b${bank}_w_${part}`),
      ]),
    );
  };
  /** The writes of the host while the core rests, or of kernels and passes; a bank may have neither. */
  const taken = (what: string, width: number, ofHost: string, ...others: readonly Verilog[]): string => {
    const all = statements(others).join(' | ');
    return wire(width, `${name}_${what}`, all === '' ? ofHost : `rests ? ${ofHost} : ${all}`);
  };
  const ofShapes = (what: string): Verilog => shapes.map((shape) => `${name}_${shape}_${what}`);
  const ofPass = (what: string, width: number): Verilog => isPassedToWrite && `pass_${what}[${width - 1}:0]`;
  const passes = `(state == CLEAR & ~pass_reads & pass_bank == ${literal(bank, widths.bank)})`;
  const kept = `(bank${bank}_r0_data & ~pass_mask[${wordBits - 1}:0] & {${wordBits}{pass_merges}})`;
  const [hasKernels, word] = [shapes.length > 0, `[${wordBits - 1}:0]`];
  return [
    [...groups].map(([shape, members]) =>
      ofRunning(`${name}_${shape}`, members, { data: wordBits, ...(bitMask && { mask: wordBits }) }),
    ),
    hasKernels && ofRunning(`${name}_kernel`, [...groups.values()].flat(), { en: undefined, addr: bits }),
    wire(undefined, `${name}_host`, `host_now & host_write & host_bank == ${literal(bank, widths.hostBank)}`),
    wire(
      undefined,
      `${name}_en`,
      statements(`${name}_host`, hasKernels && `${name}_kernel_en`, isPassedToWrite && passes).join(' | '),
    ),
    taken(
      'addr',
      bits,
      `host_address[${bits - 1}:0]`,
      hasKernels && `${name}_kernel_addr`,
      ofPass('address', bits),
    ),
    taken('data', wordBits, `host_in${word}`, ofShapes('data'), ofPass('data', wordBits), isMerged && kept),
    bitMask && taken('mask', wordBits, `{${wordBits}{1'b1}}`, ofShapes('mask'), ofPass('mask', wordBits)),
  ];
}

/** The numbers of the kernels that run on a module. */
function numbersOf(context: CoreContext, { kernels }: KernelModule): string {
  return kernels.map((kernel) => kernelNumber(context, kernel)).join(', ');
}

/** The reads of the host: words of banks, and generators. */
function hostText({ plan, image, widths }: CoreContext): Verilog {
  const { host: hostBits, hostBank: hostBankBits } = widths;
  const generatorBits = indexBits(widths.lanes + image.generators.length);
  const words = plan.banks.filter(({ usedWords }) => usedWords > 0);
  return [
    reg(hostBankBits, 'host_was'),
    reg(generatorBits, 'host_generator'),
    onClock('host_was <= host_bank;', `host_generator <= host_address[${generatorBits - 1}:0];`),
    always(
      `host_out = ${literal(0n, hostBits)};`,
      cases(
        'host_was',
        words.map(({ number, wordBits }) => [
          literal(number, hostBankBits),
          `host_out[${wordBits - 1}:0] = bank${number}_r0_data;`,
        ]),
        cases(
          'host_generator',
          image.generators.map(({ far }, index) => [
            literal(widths.lanes + index, generatorBits),
            `host_out[${far - 1}:0] = generator_${index};`,
          ]),
          "host_out[31:0] = random[32'(host_generator) * 32 +: 32];",
        ),
      ),
    ),
  ];
}
