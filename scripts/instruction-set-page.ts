import {
  type Domain,
  domains,
  eventScalars,
  hostScalars,
  indexField,
  type Operation,
  operations,
  operationWords,
  registerCount,
  roleMeanings,
} from '../src/isa/index.ts';
import { longestKernel } from '../src/isa/kernel.ts';
import { seedLanes, stepLane } from '../src/random/index.ts';

/** The reference page of the instruction set, in Markdown: `docs/instruction-set.md`, from the table of operations. */
export function instructionSetPage(): string {
  return `${[introduction, textForm, domainSection(), fieldSection(), operationSection(), integers, order, randomSection(), reals, refusals].join('\n\n')}\n`;
}

const introduction = `<!-- Generated from the table of operations. Do not edit: run npx tsx scripts/generate.ts -->

# The instruction set

A core does everything by running *kernels*. A kernel is a short straight-line program in microcode that runs once for
each item of a *domain*: each neuron of a population, each synapse of a row. An event starts it: a spike, a time step,
the end of a sample. The program file (\`programs/*.yaml\`) says which event runs which kernels, and over what; a
microcode file (\`programs/rules/*.uc\`) says what a kernel does.

This kernel learns. It runs over the synapses of a projection, one synapse per lane:

\`\`\`asm in=mnist-snn:rules/learn.uc
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

The header names the kernel, its domain and two *gates*. Rows whose pre-synaptic trace is zero are not visited, and
columns whose post-synaptic signal is zero learn nothing. \`ld\` loads fields into registers, the only place where
arithmetic happens, and \`st\` stores them back. \`#rate\` is a parameter: a formula over the widths of the precision,
which may follow a schedule over the epochs.

There are no branches. Both outcomes of a condition are computed and one is selected, so a kernel's cost depends on which
items it visits and never on their values. A neuron that fires:

\`\`\`asm in=recurrent-1024:rules/recurrent.uc
kernel fire over neurons
  ld       r0, self.v
  cmp.ge   r1, r0, #threshold    ; a flag: 1 or 0
  sub      r2, r0, #threshold
  sel      r0, r1, r2, r0        ; reset if it spikes, otherwise unchanged
  st       r0, self.v
  emit     r1                    ; pushes the neuron's index into the event FIFO where the flag is 1
end
\`\`\`

A kernel does not say how wide its numbers are. Widths belong to the hw-model and the precision, so the same text runs
with 4-bit weights, with 16-bit weights and on floats.`;

const textForm = `## The text

A line holds one instruction, a header or \`end\`. A semicolon starts a comment. Operands are separated by commas, the
result first.

| written | means |
|---|---|
| \`kernel NAME over DOMAIN [where GATE [and GATE]]\` | the head of a kernel; \`end\` ends it |
| \`r0\` … \`r${registerCount - 1}\` | a register |
| \`12\`, \`-3\`, \`0x7f\`, \`-0b101\` | a signed 32-bit integer |
| \`#rate\` | a parameter, set by \`with\` where the kernel is used, else by the program |
| \`pre.trace\` | a field of whatever plays that role |
| \`neuron.v\` | \`self.v\` or \`post.v\`: the neuron that is the item, or the one that the item's synapse leads to |
| \`routine NAME\` … \`end\`, then \`call NAME\` | lines shared by kernels (or later routines) of the same file: a call is replaced by them and uses the caller's registers |

Names consist of letters, digits, \`_\` and \`-\`, and start with a letter or \`_\`.

A kernel has at most ${longestKernel} instructions, those of its routines included, and ${registerCount} signed
32-bit registers for each item. They are empty when it starts: a register must be written before it is read, and only
fields carry values from one item, or one kernel, to the next.`;

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
  const players = Object.entries(roleMeanings).map(([role, meaning]) => [`\`${role}\``, meaning]);
  return `## Domains, roles and gates

${table(['domain', 'its items', 'runs over', 'roles', 'gates'], rows)}

${table(['role', 'played by'], players)}

With \`only\`, a list runs a kernel over a part of its domain: a kernel over \`neurons\` for the \`neuron\` that the event
names, one over \`synapses\` for that neuron's \`row\` or for one \`synapse\`, one over a \`row\` for one \`synapse\` of it.
With \`rows: n\` it visits only the first n pre-synaptic neurons, and with \`columns: n\` only the first n neurons
(post-synaptic neurons, in a projection).

A gate names a field and is open where its value is at least 1 or at most -1. On integers and flags that means "not zero";
on floats it leaves the same dead zone around zero. Gates are read once, before the first item. A row whose gate is
closed is not visited. Column c runs in lane c mod the number of lanes, and neighbouring columns that run at once are a
*tile*. A column whose gate is closed stores, emits and adds nothing. If no column of a tile is active, a core that
gates by \`skip-tile\` does not visit the tile; one that gates by \`clock\` visits it with idle lanes.`;
}

function fieldSection(): string {
  return `## Fields

A field is an array in a bank, declared in the program: its kind, its width, and what a store does with a value that
does not fit (saturate, saturate symmetrically, wrap). Fields of one \`record\` share an item's word, and a \`perWord\`
field is kept once for all items of a word. Loads and stores move whole words, so their cost is counted in words of the
bank and does not appear in the tables below. Some fields are not in a bank and cost nothing to load:

- \`self.${indexField}\`, \`pre.${indexField}\` and \`post.${indexField}\`: the neuron's position in its population, from 0.
- ${hostScalars.map((name) => `\`host.${name}\``).join(' and ')}: the class of the sample, or the number that it asks for, and the step
  from 0. In a program with a \`regression\`, the label is a float on a float32 core.
- ${eventScalars.map((name) => `\`ev.${name}\``).join(' and ')}: the neuron and the post-synaptic neuron of a named event, and the scalars
  that the program declares in \`events.scalars\`.
- \`ev.value\`: what the spike carries that runs the kernel, where its population has a \`payload\`.

They cannot be stored, nor can \`syn.weight\` in a projection that learns: it is a view of \`syn.shadow\`, rounded to
nearest and saturated to the width of the inference weights. A rule stores \`syn.shadow\`, and the hw-model says whether
the view is kept as a copy or computed on the read path.

### Fields with positions

A field of neurons may have \`positions\`: each neuron keeps several numbers in it, as many as the program says, counted from 0. A
kernel names one of them with a register that holds an integer:

\`\`\`asm in=speech-delays:rules/history-credit.uc
kernel keepBox over neurons      ; one bit for each step: has the neuron been above a half?
  ld       r0, self.v
  cmp.gt   r0, r0, 64
  ld       r1, host.step
  st.at    r0, self.open, r1
end

kernel learnWithDelay over synapses     ; learns from the trace as it was so many steps before the neuron was open
  ld       r0, syn.delay         ; eight bits below the binary point
  sra      r0, r0, 8
  floor    r0, r0
  correlate r0, post.open, pre.past, r0
  sra.sr   r0, r0, #rate
  ld       r1, syn.shadow
  add.s    r1, r1, r0
  st       r1, syn.shadow
end
\`\`\`

- The compiler has to prove that a position exists: take the low bits with \`and\`, or \`clip\`. \`floor\` makes an integer of a real.
- Items of a tile may name different positions, which lie in different words: \`ld.at\` and \`st.at\` take one access for each active
  item, and the tile as many cycles as its items need ports. A store into a word of several items reads it first, in a bank
  without a bit mask.
- \`correlate rd, role.flags, role.values, a\` goes through all positions p of the flags, in ascending order, and adds the value at
  p - a where the flag is set and that position exists. It takes a unit of a lane once for each position, whether the flag is set
  or not; it loads all positions of the row's neuron (\`pre\`) once for the row, and those of other neurons once for each tile.
  Several in a kernel share the words. Only the result and the distance are accesses to registers.
- \`ld\`, \`st\` and gates take no field with positions. \`clear\` clears all of them.
- Kernels that run by columns name no positions, and neither do cores that are one of several.`;
}

const groups: readonly { readonly group: Operation['group']; readonly words: string }[] = [
  { group: 'move', words: 'Moves between fields, constants and registers.' },
  {
    group: 'arithmetic',
    words:
      'Each of `add`, `sub`, `mul`, `neg` and `abs` has three forms. The plain form must be proven to stay within the datapath, otherwise the program is refused. `.s` saturates at the datapath and costs one more comparison; `.w` wraps. `shl` has the same three forms.',
  },
  {
    group: 'shift',
    words:
      'Right shifts divide by a power of two, and the suffix says how the quotient is rounded: no suffix for floor, `.rn` to nearest, `.ru` up, `.rz` toward zero, `.sr` stochastically. Amounts are constants of at most 31. The compiler drops a shift of a register onto itself by a constant zero, unless it draws.',
  },
  {
    group: 'logic',
    words:
      'Bitwise operations on integers and flags; counts of the bits of an integer, which refuse a real on every core; comparisons, which give a flag; and the select, which replaces a branch.',
  },
  { group: 'core', words: 'Random numbers, spikes, and sums over a row or over positions.' },
];

/** What the sentences above the tables say of each suffix. */
const saidAbove = /; (proven to stay within|saturates at|wraps at) the datapath$/;

function operationSection(): string {
  const sections = groups.map(({ group, words }) => {
    const members = operations.filter((operation) => operation.group === group);
    const rows = members.map((operation) => {
      const { syntax, operands, kinds, cost } = operationWords(operation);
      const meaning = operation.meaning.replace(saidAbove, '');
      return [`\`${syntax}\``, operands, kinds, cost, operation.draws ? 'yes' : '', meaning];
    });
    return `### ${group[0]?.toUpperCase()}${group.slice(1)}\n\n${words}\n\n${table(['operation', 'operands', 'kinds', 'cost', 'draws', 'meaning'], rows)}`;
  });
  return `## Operations

\`rd\` is the result register; a, b, c are the values of the operands that follow, and n is a shift amount or a number of
bits. A *value* is a register, a number or a parameter; a *constant* is a number or a parameter.

Every number has a *kind*: \`real\` (a potential, a weight: a float on a float32 core), \`integer\` (an index, a draw) or
\`flag\` (0 or 1). Fields declare their kinds, and the compiler infers those of the registers. The column *kinds* lists
them in the order of the operands: N stands for real or integer, B for integer or flag, A for any, and the same letter
within a line for the same kind; \`-\` is a plain number. \`cmp\` turns numbers into a flag, \`sel\` a flag into a number, \`floor\` a real
into an integer, \`real\` an integer into a real.

The *cost* names classes of work, for which the hw-model gives units and prices; *words* are the words that the field's
bank moves. Operations that *draw* step the random generators.

${sections.join('\n\n')}`;
}

const integers = `## Integers

A register holds a signed 32-bit number in two's complement. The hw-model sets the width of the *datapath*, 8 to 32 bits;
with n bits it holds -2^(n-1) to 2^(n-1) - 1. An operation is computed in this order:

1. The **exact** result of the operands, however wide: a product may have 63 bits.
2. **Rounding**, for right shifts. For an exact quotient q = x / 2^n, floor is the largest whole number not above q;
   nearest is floor(q + 1/2), so that ties go up: -2.5 becomes -2 and 2.5 becomes 3; up is the smallest whole number not
   below q; toward zero drops the fraction; stochastic rounding is floor((x + r) / 2^n), where r is an n-bit draw, so q is rounded
   up with a probability equal to its fraction. \`mulsra\` rounds once, from the exact product.
3. The **datapath**: plain forms are proven to fit; \`.s\` clamps the result to the range; \`.w\` keeps the low bits, the
   highest of which is the sign.
4. The **field**, when a register is stored: it saturates or wraps to the field's own width, as declared.

\`sra\` and \`mulsra\` take amounts of -31 to 31; a negative amount multiplies by 2^-n, so nothing is rounded. \`srav\` takes
the amount of each item from a register: what is below 0 counts as 0, what is above 31 as 31. The
amounts of \`shl\` and \`shr\` and the widths of \`rnd\` are 0 to 31. Operations that read a number as unsigned, or
count its bits, take the register's 32 bits whatever the width of the datapath: -1 reads as 2^32 - 1.`;

const order = `## Order

- Rows are visited in ascending order, and the tiles of a row in ascending order of their columns. With \`order: columns\`
  a list runs a kernel over the synapses of a dense projection tile by tile, and over all rows for each tile. Fields of
  \`post\` are then fetched once per tile, and words of \`pre\` are counted once per tile as well. Such a kernel has no gate
  and stores only \`syn\`.
- An item's loads precede its stores: no field is loaded after it was stored, and none is stored twice. Keep a value that
  is needed again in a register.
- A field that a kernel stores through one role cannot be used through another.
- Later rows see what was stored into \`post\`, so an accumulation saturates at every synapse, in order.
- \`st\` cannot write \`pre\`, which many synapses share; \`reduce\` can. It adds up the values of a row's active columns,
  or finds the largest of them (\`reduce.max\`), and overwrites the field at the end of the row. Rows that are not visited keep their value.
- \`emit\` queues events in the order in which items are visited. An item emits at most once, and never spikes of the input
  population. Where a population has a \`payload\`, each of its spikes sends a value, \`emit a, b\`.
- The predicate of \`ld.row\` must be the same for the whole row: it may come only from fields of \`pre\`, host scalars,
  event scalars and constants. That of \`st.tile\` may also come from \`any\`, and must be the same for the whole tile.`;

function randomSection(): string {
  const seed = 1;
  let state = seedLanes(seed, 1)[0] ?? 0;
  const first = hexadecimal(state);
  const words = Array.from({ length: 10 }, () => {
    state = stepLane(state);
    return hexadecimal(state);
  });
  return `## Random numbers

Each lane has its own generator, an xorshift32 with a 32-bit state s that is never zero. It steps by

    s ^= s << 13;  s ^= s >>> 17;  s ^= s << 5

and a draw of n bits is then the top n bits of the new state, s >>> (32 - n). A draw of no bits is 0, and steps the
generator too. Each operation that draws steps **all** lanes once for each tile visited, in the order of the text, and that
includes idle lanes, gated lanes and lanes past the last column. Tiles and rows that are not visited do not step. The first state of a lane, modulo
2^32, is

    mix(mix(seed) + 0x9E3779B9 * (1 + lane + 1024 * core)),  or 1 where that is 0

where mix is the 32-bit finaliser of murmur3. For seed ${seed}, lane 0 of core 0 starts at ${first}, and its first ten words are

    ${words.slice(0, 5).join(' ')}
    ${words.slice(5).join(' ')}

A core may have other generators, which its hw-model declares (\`generators\`) and \`draw\` names: unfolded linear feedback
shift registers, with bits y[n] = y[n-a] xor y[n-b]. The current word starts at some n, and an advance moves it on by a
stated number of bits. Neighbouring lanes share an advance, in groups of a stated size counted from lane 0: the first lane
takes the lowest bits, the next lane the bits above them, and if an advance has too few words, lanes start again from the
lowest. A generator advances once for each group that holds an item, in the order of the visit; \`draw.if\` advances it only
for groups whose first item has the predicate. A draw advances it for all groups of a tile before the next operation
begins; a kernel may draw from a generator a second time only if the generator serves all lanes at once, or if the kernel
is over one item. The generator's state is the b bits that precede the current word. It is loaded from outside and saved
with the core's state; it starts as zeros, which stay zeros.`;
}

function hexadecimal(word: number): string {
  return `0x${word.toString(16).padStart(8, '0')}`;
}

const reals = `## Reals on float32

On a core whose arithmetic is \`float32\` the same text runs with reals as floats; integers and flags are unchanged.

- An operation's exact result is rounded to the nearest float, ties to even, and nothing else rounds. There is no
  fused multiply-add; \`mulsra\` rounds its product to a float and then scales it.
- A shift scales by a power of two. Suffixes for rounding change nothing, but \`.sr\` still steps the generators.
- There is no datapath to saturate or wrap at, and fields do not saturate. If the algorithm needs a limit, write \`clip\`.
- A comparison of reals gives a flag. A gate is open where the value is at least 1 or at most -1.
- Sums have a fixed order: accumulations follow the order of events, and \`reduce\` keeps 16 partial sums (column c in sum
  c mod 16), which a tree then joins. So results do not depend on the number of lanes.
- Storing a result that is not a number ends the run with an error that names the place.`;

const refusals = `## What is refused

The assembler refuses, with file, line and column: unknown operations, registers, roles and host scalars; operands of the
wrong shape; shift amounts and bounds outside their limits; registers read before they are written; loads after stores
and second stores; gates that the domain does not have.

The compiler knows the fields, widths and parameters, and refuses what does not exist; a value that would need to be of two kinds; a plain result that
may leave the datapath, with its range; a sum over a row that may exceed 32 bits; a predicate of \`ld.row\` that differs within a row. Ranges come from an
interval analysis, in which a select counts a value only where it takes it: after \`cmp.ge r1, v, 100\`, the \`v - 100\`
that \`sel\` takes where r1 holds is not negative.`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ');
  const bars = (cells: readonly string[]): string[] => cells.map((cell) => cell.replaceAll('|', '\\|'));
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map((row) => line(bars(row)))].join(
    '\n',
  );
}
