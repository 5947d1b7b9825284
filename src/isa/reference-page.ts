import { seedLanes, stepLane } from '../random/index.ts';
import { type Domain, domains, eventScalars, hostScalars, indexField, registerCount } from './kernel.ts';
import type { KindPattern, OperandShape, Operation } from './operation.ts';
import { operations } from './operations.ts';

/** The reference page of the instruction set, in Markdown: `docs/instruction-set.md`, from the table of operations. */
export function referencePage(): string {
  return `${[introduction, textForm, domainSection(), fieldSection(), operationSection(), integers, order, randomSection(), reals, refusals].join('\n\n')}\n`;
}

const introduction = `<!-- Generated from the table of operations. Do not edit: run npx tsx scripts/generate.ts -->

# The instruction set

A core does everything by running *kernels*. A kernel is a short straight-line program in microcode that runs once for
each item of a *domain*: each neuron of a population, each synapse of a row. An event starts it: a spike, a time step,
the end of a sample. Which event runs which kernels, over what, is said in the program file (\`programs/*.yaml\`); what
a kernel does is said in a microcode file (\`programs/rules/*.uc\`).

This one learns. It runs over the synapses of a projection, one synapse per lane:

\`\`\`asm
; shadow weight += rate x pre-synaptic trace x learning signal of the post-synaptic neuron
kernel learn over synapses where pre.trace and post.signal
  ld       r0, pre.trace         ; once for the row
  ld       r1, post.signal       ; of each column
  mul      r2, r0, r1            ; the analysis proves that the product fits the datapath
  sra.sr   r2, r2, #rate         ; divides by 2^rate, rounding stochastically
  ld       r3, syn.shadow
  add.s    r3, r3, r2            ; saturates at the datapath
  st       r3, syn.shadow        ; saturates as the field is declared; syn.weight is a view of it
end
\`\`\`

Line by line: the header names the kernel, its domain, and two *gates*. Rows whose pre-synaptic trace is zero are not
visited, and columns whose post-synaptic signal is zero learn nothing. \`ld\` brings fields into registers, where alone
there is arithmetic, and \`st\` takes them back. \`#rate\` is a parameter: a formula over the widths of the precision, and
a schedule over the epochs.

There are no branches. What depends on a value is computed both ways and selected, so a kernel's cost depends on what it
visits and never on the values that it finds. A neuron that fires:

\`\`\`asm
kernel fire over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #threshold    ; a flag: 1 or 0
  sub      r2, r0, #threshold
  sel      r0, r1, r2, r0        ; the reset where it spikes, else as it was
  st       r0, self.v
  emit     r1                    ; pushes the neuron's index into the event FIFO where the flag is 1
end
\`\`\`

No kernel says how wide a number is. Widths belong to the hw-model and the precision, so that the same text runs with
4-bit weights, with 16-bit weights and on floats.`;

const textForm = `## The text

A line holds one instruction, a header or \`end\`. A semicolon starts a comment. Operands are separated by commas, the
result first.

| written | means |
|---|---|
| \`kernel NAME over DOMAIN [where GATE [and GATE]]\` | the head of a kernel; \`end\` ends it |
| \`r0\` … \`r${registerCount - 1}\` | a register |
| \`12\`, \`-3\`, \`0x7f\`, \`-0b101\` | a whole number of 32 bits with a sign |
| \`#rate\` | a parameter, set by \`with\` where the kernel is used, else by the program |
| \`pre.trace\` | a field of the one who plays that role |
| \`neuron.v\` | \`self.v\` or \`post.v\`: of the neuron that the item is, or that its synapse leads to |
| \`routine NAME\` … \`end\`, then \`call NAME\` | lines that kernels (or later routines) of the same file share: a call stands for them, with the caller's registers |

Names have letters, digits, \`_\` and \`-\`, and start with a letter or \`_\`.

A kernel has ${registerCount} registers for each item, of 32 bits with a sign. They are empty when it starts: one has to be
written before it is read, and nothing passes from one item, or one kernel, to the next except through fields.`;

function domainSection(): string {
  const rows = domains.map(({ name, meaning, binds, roles, rowGate, columnGate }: Domain) => {
    const gates = [rowGate && `rows by \`${rowGate}\``, columnGate && `columns by \`${columnGate}\``];
    return [
      `\`${name}\``,
      meaning,
      `a ${binds}`,
      roles.map((role) => `\`${role}\``).join(', '),
      gates.filter((gate) => gate !== undefined).join(', ') || 'none',
    ];
  });
  return `## Domains, roles and gates

${table(['domain', 'its items', 'runs over', 'roles', 'gates'], rows)}

| role | who plays it |
|---|---|
| \`self\` | the neuron |
| \`pre\` | the pre-synaptic neuron of the row, one for all its synapses |
| \`syn\` | the synapse |
| \`post\` | the post-synaptic neuron of the synapse, one for each column |
| \`host\` | the host, which writes scalars before a sample or a step |
| \`ev\` | the named event that runs the kernel, and the scalars that come with it |

A list may run a kernel over less than its domain, with \`only\`: one over \`neurons\` for the \`neuron\` that the event
names, one over \`synapses\` for its \`row\` or \`synapse\`, one over a \`row\` for its \`synapse\`. With \`rows\` and
\`columns\` it visits the first so many pre-synaptic neurons, and neurons (or post-synaptic ones), alone.

A gate names a field and holds where its value is at least 1 or at most -1. On integers and flags that is "not zero"; on
floats it leaves the same dead zone around zero. Gates are read once, before the first item. A row whose gate does not
hold is not visited. Column c runs in lane c mod the number of lanes, and neighbouring columns that run at once are a
*tile*. A column whose gate does not hold stores, emits and adds nothing. If no column of a tile is active, a core that
gates by \`skip-tile\` does not visit the tile; one that gates by \`clock\` visits it with idle lanes.`;
}

function fieldSection(): string {
  return `## Fields

A field is an array in a bank, declared in the program: its kind, its width, and what a store does with a value that
does not fit (saturate, saturate symmetrically, wrap). Fields of one \`record\`
share an item's word, and what is \`perWord\` is kept once for all items of a word. A load or store moves whole words, so
its cost is counted in words of its bank and not in the tables below. Some fields are not in a bank and cost nothing to
load:

- \`self.${indexField}\`, \`pre.${indexField}\` and \`post.${indexField}\`: the neuron's position in its population, from 0.
- ${hostScalars.map((name) => `\`host.${name}\``).join(' and ')}: the class of the sample, and the step from 0.
- ${eventScalars.map((name) => `\`ev.${name}\``).join(' and ')}: the neuron and the post-synaptic neuron of a named event; beside them the
  scalars that the program declares in \`events.scalars\`.

They cannot be stored. Nor can \`syn.weight\` in a projection that learns: it is a view of \`syn.shadow\`, with the low
bits rounded to nearest and dropped, saturated to the width of the inference weights. A rule stores \`syn.shadow\`, and
the hw-model says whether the view is kept as a copy or made on the way out.`;
}

const groups: readonly { readonly group: Operation['group']; readonly words: string }[] = [
  { group: 'move', words: 'Between fields, constants and registers.' },
  {
    group: 'arithmetic',
    words:
      'Each of `add`, `sub`, `mul`, `neg` and `abs` has three forms. The plain one must be proven to stay within the datapath, else the program is refused. `.s` saturates at the datapath and costs a comparison more; `.w` wraps at it. `shl` has the same three.',
  },
  {
    group: 'shift',
    words:
      'Right shifts divide by a power of two, and the suffix says how the quotient is rounded: none for floor, `.rn` to nearest, `.ru` up, `.rz` toward zero, `.sr` stochastically. Amounts are constants of at most 31. A shift of a register by a constant zero onto itself is left out by the compiler, unless it draws.',
  },
  {
    group: 'logic',
    words:
      'Bitwise operations on integers and flags; counts of the bits of an integer, which refuse a real on every core; comparisons, which give a flag; and the selection that replaces a branch.',
  },
  { group: 'machine', words: 'Random numbers, spikes, and sums over a row.' },
];

function operationSection(): string {
  const sections = groups.map(({ group, words }) => {
    const members = operations.filter((operation) => operation.group === group);
    const rows = members.map((operation) => [
      `\`${syntaxOf(operation)}\``,
      operandsOf(operation),
      kindsOf(operation),
      costOf(operation),
      operation.draws ? 'yes' : '',
      operation.meaning,
    ]);
    return `### ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${words}\n\n${table(['operation', 'operands', 'kinds', 'cost', 'draws', 'meaning'], rows)}`;
  });
  return `## Operations

\`rd\` is the register of the result; a, b, c are the values of the operands after it, and n is a shift amount or a number
of bits. A *value* is a register, a number or a parameter; a *constant* is a number or a parameter.

Every number has a *kind*: \`real\` (a potential, a weight: a float on a float32 core), \`integer\` (an index, a draw) or
\`flag\` (0 or 1). Fields have theirs by declaration, and the assembler's analysis finds those of the registers. In the
column *kinds*, in the order of the operands, N stands for real or integer, B for integer or flag, A for any, and the
same letter within a line for the same kind; \`-\` is a plain number. \`cmp\` makes a flag of numbers, \`sel\` a number of a
flag.

The *cost* names the classes of work, which the hw-model gives units and prices; *words* are those that the field's bank
moves. Operations that *draw* step the random generators.

${sections.join('\n\n')}`;
}

/** The sources of an operation as the meaning calls them. */
function sourcesOf({ operands, kinds }: Operation): { name: string; shape: OperandShape }[] {
  const letters = ['a', 'b', 'c'];
  const sources = operands.map((shape, index) => ({ shape, kind: kinds[index] }));
  return sources
    .filter(({ shape }) => shape !== 'result')
    .map(({ shape, kind }) => ({
      shape,
      name: shape === 'field' ? 'role.field' : kind === '-' ? 'n' : (letters.shift() ?? ''),
    }));
}

function syntaxOf(operation: Operation): string {
  const result = operation.operands[0] === 'result' ? ['rd'] : [];
  return `${operation.mnemonic} ${[...result, ...sourcesOf(operation).map(({ name }) => name)].join(', ')}`;
}

function operandsOf(operation: Operation): string {
  const sources = sourcesOf(operation).filter(({ shape }) => shape !== 'field');
  const shapes = [...new Set(sources.map(({ shape }) => shape))];
  return shapes
    .map((shape) => {
      const names = sources.filter((source) => source.shape === shape).map(({ name }) => name);
      return `${names.join(', ')} ${shape}${names.length > 1 ? 's' : ''}`;
    })
    .join('; ');
}

function kindsOf({ kinds, operands }: Operation): string {
  const words = (patterns: readonly KindPattern[]): string => patterns.join(', ');
  return operands[0] === 'result' ? `${kinds[0]} ← ${words(kinds.slice(1))}` : words(kinds);
}

function costOf({ cost, effect }: Operation): string {
  const classes = Object.entries(cost).map(([name, count]) => (count === 1 ? name : `${count} ${name}`));
  if (effect.does === 'load' || effect.does === 'store' || effect.does === 'reduce') classes.push('words');
  if (effect.does === 'emit') classes.push('FIFO push');
  return classes.join(', ');
}

const integers = `## Integers

A register holds 32 bits with a sign, two's complement. The *datapath* is 8 to 32 bits wide, as the hw-model says; on n
bits it holds -2^(n-1) to 2^(n-1) - 1. An operation is computed in this order:

1. The **exact** result of the operands, however wide: a product has up to 63 bits.
2. **Rounding**, for right shifts. For an exact quotient q = x / 2^n, floor is the largest whole number not above q;
   nearest is floor(q + 1/2), so that ties go up: -2.5 becomes -2 and 2.5 becomes 3; up is the smallest whole number not
   below q; toward zero drops the fraction; stochastic is floor((x + r) / 2^n), where r is an n-bit draw, so that q is
   rounded up with a probability equal to its fraction. \`mulsra\` rounds once, from the exact product.
3. The **datapath**: plain forms are proven to fit; \`.s\` gives the nearer end of the range where the result lies outside
   it; \`.w\` keeps the low bits, the highest of them as the sign.
4. The **field**, when a register is stored: it saturates or wraps to its own width as declared.

\`sra\` and \`mulsra\` take amounts of -31 to 31; a negative amount multiplies by 2^-n, so that nothing is rounded. The
amounts of \`shl\` and \`shr\` and the widths of \`rnd\` are 0 to 31. Operations that read a number as unsigned take the
register's 32 bits, whatever the width of the datapath: -1 is 2^32 - 1.`;

const order = `## Order

- Rows in ascending order; within a row, tiles in ascending order of their columns. With \`order: columns\` a list runs a
  kernel over the synapses of a dense projection tile by tile of its columns, and all rows of each: what is loaded from
  \`post\` is then fetched once a tile, and words of \`pre\` count once a tile too. Such a kernel has no gate and stores
  \`syn\` only.
- An item's loads precede its stores: no field is loaded after it was stored, and none is stored twice. What is needed
  again stays in a register.
- What a kernel stores through one role it may not use through another.
- Stores into \`post\` are seen by the rows that follow, so an accumulation saturates at every synapse, in order.
- \`st\` does not write \`pre\`, which many synapses share. \`reduce\` does: it adds up the values of a row's active
  columns, and after the row overwrites the field with the sum. Rows that are not visited keep what they had.
- \`emit\` queues events in the order of the visit; an item emits once, and never spikes of the input population.
- The predicate of \`ld.row\` has to be the same for the whole row: it may come from fields of \`pre\`, host scalars and
  constants only. That of \`st.tile\` may come from \`any\` too, and has to be the same for the whole tile.`;

function randomSection(): string {
  const seed = 1;
  let state = seedLanes(seed, 1)[0] ?? 0;
  const first = hexadecimal(state);
  const words = Array.from({ length: 10 }, () => {
    state = stepLane(state);
    return hexadecimal(state);
  });
  return `## Random numbers

Each lane has a generator of its own, a xorshift32 with a state s of 32 bits that is never zero. It steps by

    s ^= s << 13;  s ^= s >>> 17;  s ^= s << 5

and a draw of n bits is then the top of the new state, s >>> (32 - n). A draw of no bits is 0, and steps too. Each
operation that draws steps **all** lanes once for each tile visited, in the order of the text: idle lanes, gated lanes and
lanes past the last column as well. Tiles and rows that are not visited do not step. The first state of a lane, modulo
2^32, is

    mix(mix(seed) + 0x9E3779B9 * (1 + lane + 1024 * core)),  or 1 where that is 0

where mix is the 32-bit finaliser of murmur3. For seed ${seed}, lane 0 of core 0 starts at ${first}, and its first ten words are

    ${words.slice(0, 5).join(' ')}
    ${words.slice(5).join(' ')}

A core may have other generators, which its hw-model declares (\`generators\`) and \`draw\` names: unfolded linear feedback
shift registers, with bits y[n] = y[n-a] xor y[n-b]. The word under way starts at some n, and an advance moves it on by a
stated number of bits. Neighbouring lanes share an advance, in groups of a stated number from lane 0 on: the first takes
the lowest bits, the next those behind them, and where an advance has too few words, the first ones again. A generator
advances once for each group that holds an item, in the order of the visit; \`draw.if\` advances it only for groups whose
first item has the predicate. A draw advances it for all groups of a tile before the next operation begins; a kernel draws
from a generator a second time only where the generator serves all lanes at once, or the kernel is over one item. Its state, the b bits before the word under way, is loaded from outside and saved with the
core's; it starts as zeros, which stay zeros.`;
}

function hexadecimal(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

const reals = `## Reals on float32

On a core whose arithmetic is \`float32\` the same text runs with reals as floats; integers and flags stay as they are.

- Nothing rounds but the float: an operation's exact result is rounded to the nearest float, ties to even. There is no
  fused multiply-add; \`mulsra\` rounds its product to a float and then scales it.
- A shift scales by a power of two. Suffixes for rounding change nothing, but \`.sr\` still steps the generators.
- There is no datapath to saturate or wrap at, and a field does not saturate. A limit that the algorithm needs is written
  \`clip\`.
- A comparison of reals gives a flag. A gate holds where the value is at least 1 or at most -1.
- Sums have a fixed order: accumulations that of events, \`reduce\` 16 partial sums (column c in sum c mod 16), which are
  then joined by a tree. So the result does not depend on the number of lanes.
- A result that is not a number, stored, ends the run with its place.`;

const refusals = `## What is refused

The assembler refuses, with file, line and column: unknown operations, registers, roles and host scalars; operands of the
wrong shape; shift amounts and bounds outside their limits; registers read before they are written; loads after stores
and second stores; gates that the domain does not have.

The compiler knows the fields, widths and parameters, and refuses: fields and parameters that do not exist; a value that
would have to be of two kinds; a plain result that the datapath may not hold, anywhere in the schedule of the parameters,
with the range that it may have; a sum over a row that may exceed 32 bits; a predicate of \`ld.row\` that differs within a
row.`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ');
  const bars = (cells: readonly string[]): string[] => cells.map((cell) => cell.replaceAll('|', '\\|'));
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map((row) => line(bars(row)))].join(
    '\n',
  );
}
