import { at } from '../../arrays/index.ts';
import type { KernelPlan } from '../plan/core-plan.ts';
import { allSteps, type CoreContext, gateSize, kernelNumber, listLength } from './context.ts';
import { outgoingText } from './outgoing-text.ts';
import { segmentsText, walksSegments } from './segments-text.ts';
import { backText, waitingKernels } from './stall-text.ts';
import { indexBits, literal, modulo, quotient, vector } from './text.ts';

/** The walker: it scans gates, keeps lists of open tiles and rows, and sends tiles into the pipelines. */
export function walkerText(context: CoreContext): string[] {
  return [
    ...kernelFacts(context),
    ...outgoingText(context),
    ...scansText(context),
    ...rowsText(context),
    ...segmentsText(context),
    ...tilesText(context),
    ...tapsText(context),
  ];
}

/** What the walker knows of the kernel that runs. */
function kernelFacts(context: CoreContext): string[] {
  const { plan, image, stepBits, kernelBits, widths } = context;
  const { lanes } = widths;
  const stores = mostRowCycles(context, 'rowStoreCycles');
  const kernelOf = new Map(plan.kernels.map((kernel) => [kernel.index, kernel]));
  const facts = (kernel: KernelPlan): string => {
    const { walks, columns, rows, intervalCycles, drainCycles, schedule } = kernel;
    const { rowGate, columnGate } = kernel.kernel;
    const tiles = walks === 'neuron' ? 1 : Math.ceil(columns / lanes);
    const isByColumns = walks === 'columns';
    const tail = columns % lanes === 0 ? lanes : columns % lanes;
    return [
      `kernel = ${kernelNumber(context, kernel.index)}`,
      `has_columns = 1'b${columnGate === undefined ? 0 : 1}`,
      `has_rows = 1'b${rowGate === undefined ? 0 : 1}`,
      `walks_rows = 1'b${walks === 'row' || walks === 'rows' || isByColumns ? 1 : 0}`,
      `walks_one = 1'b${walks === 'neuron' ? 1 : 0}`,
      `all_rows = 1'b${walks === 'rows' || isByColumns ? 1 : 0}`,
      `by_columns = 1'b${isByColumns ? 1 : 0}`,
      `last_tile = ${literal(tiles - 1, widths.tile)}`,
      `tail = ${literal((1n << BigInt(tail)) - 1n, lanes)}`,
      `rows_to_walk = 32'd${isByColumns ? tiles : rows}`,
      `tiles_of_pass = 32'd${isByColumns ? rows : tiles}`,
      `interval = 32'd${intervalCycles}`,
      `drain = 32'd${drainCycles}`,
      `row_loads = 32'd${schedule.rowLoadCycles}`,
      ...(stores === 0 ? [] : [`row_stores = 32'd${schedule.rowStoreCycles}`]),
      `column_tiles = 32'd${columnGate === undefined ? 0 : Math.ceil(at(image.fields, columnGate).count / lanes)}`,
      `row_tiles = 32'd${rowGate === undefined ? 0 : Math.ceil(at(image.fields, rowGate).count / lanes)}`,
    ]
      .map((text) => `${text};`)
      .join(' ');
  };
  const runs = allSteps(context).flatMap(({ step: { action, number } }) => {
    const kernel = action.does === 'run' ? kernelOf.get(action.kernel) : undefined;
    return kernel === undefined
      ? []
      : [`    ${literal(number, stepBits)}: begin ${facts(kernel)} end // ${kernel.name}`];
  });
  return [
    '// ---- the walker',
    `reg ${vector(kernelBits)} kernel;`,
    'reg has_columns, has_rows, walks_rows, walks_one, all_rows, by_columns;',
    `reg ${vector(widths.tile)} last_tile;`,
    `reg ${vector(lanes)} tail;`,
    'reg [31:0] rows_to_walk, tiles_of_pass, interval, drain, row_loads, column_tiles, row_tiles;',
    ...(stores === 0 ? [] : ['reg [31:0] row_stores;']),
    'always_comb begin',
    `  kernel = ${literal(0, kernelBits)}; has_columns = 1'b0; has_rows = 1'b0; walks_rows = 1'b0; walks_one = 1'b0; all_rows = 1'b0; by_columns = 1'b0;`,
    `  last_tile = ${literal(0, widths.tile)}; tail = {${lanes}{1'b1}}; rows_to_walk = 32'd1; tiles_of_pass = 32'd1; interval = 32'd1; drain = 32'd1; row_loads = 32'd0; column_tiles = 32'd0; row_tiles = 32'd0;${stores === 0 ? '' : " row_stores = 32'd0;"}`,
    '  case (pc)',
    ...runs,
    '    default: ;',
    '  endcase',
    'end',
  ];
}

/** Scans: the lists of open tiles and rows. */
function scansText(context: CoreContext): string[] {
  const { image, stepBits, widths } = context;
  const { lanes } = widths;
  const scanned: { readonly number: number; readonly gate: number; readonly rows: boolean }[] = [];
  for (const { step } of allSteps(context)) {
    const { action, number } = step;
    if (action.does === 'stop-unless-any') scanned.push({ number, gate: action.field, rows: false });
    if (action.does !== 'run') continue;
    const { rowGate, columnGate } = at(image.kernels, action.kernel);
    if (columnGate !== undefined) scanned.push({ number, gate: columnGate, rows: false });
    if (rowGate !== undefined) scanned.push({ number, gate: rowGate, rows: true });
  }
  const { run } = context;
  const largest = listLength(context);
  const listBits = indexBits(largest + 1);
  const placeIn = (count: string): string => `${count}[${indexBits(largest) - 1}:0]`;
  const tests = allSteps(context).flatMap(({ step: { action, number } }) =>
    action.does === 'stop-unless-any'
      ? [
          `pc == ${literal(number, stepBits)} ? 32'd${Math.ceil(at(image.fields, action.field).count / lanes)} : `,
        ]
      : [],
  );
  const always = image.core.columnGate === 'clock';
  return [
    `reg ${vector(lanes)} scan_lanes;`,
    'always_comb',
    '  case ({state == SCAN_ROWS, pc})',
    ...scanned.map(({ number, gate, rows }) => {
      const within = Math.log2(lanes);
      const bits = indexBits(gateSize(context, gate)) - within;
      const place = within === 0 ? `${bits}'(count)` : `{${bits}'(count), ${within}'d0}`;
      const tile = `gate_${gate}[${bits <= 0 ? '0' : place} +: ${lanes}]`;
      return `    {1'b${rows ? 1 : 0}, ${literal(number, stepBits)}}: scan_lanes = ${tile};`;
    }),
    `    default: scan_lanes = ${literal(0n, lanes)};`,
    '  endcase',
    `wire [31:0] test_tiles = ${tests.join('')}32'd1;`,
    'wire [31:0] scan_tiles = state == SCAN_COLUMNS ? column_tiles : state == SCAN_ROWS ? row_tiles : test_tiles;',
    "wire scan_end = count == scan_tiles - 32'd1;",
    '// lanes of the tile that are within the columns, or rows, that the kernel visits',
    `wire ${vector(lanes)} column_lanes = count < 32'(last_tile) ? {${lanes}{1'b1}} : count == 32'(last_tile) ? tail : ${literal(0n, lanes)};`,
    `reg ${vector(lanes)} row_lanes;`,
    'integer row_i;',
    `always_comb for (row_i = 0; row_i < ${lanes}; row_i = row_i + 1) row_lanes[row_i] = count * 32'd${lanes} + 32'(row_i) < rows_to_walk;`,
    `wire ${vector(lanes)} scan_open = scan_lanes & (state == SCAN_ROWS ? row_lanes : column_lanes);`,
    'wire scan_any = |scan_open;',
    run.declareList(vector(widths.tile), 'tiles_tile', largest),
    run.declareList(vector(lanes), 'tiles_lanes', largest),
    run.declareList(vector(widths.tile), 'rows_tile', largest),
    run.declareList(vector(lanes), 'rows_lanes', largest),
    "wire unused_lists = &{1'b0, tiles_tile[0], tiles_lanes[0], rows_tile[0], rows_lanes[0]};",
    ...run.declare(vector(listBits), 'tiles_count', 'rows_count', 'rows_next'),
    'reg test_any;',
    ...run.declare('', 'tiles_any'),
    `wire column_opens = state == SCAN_COLUMNS & ${always ? '|column_lanes' : 'scan_any'};`,
    '// segments begin at any tile, so they need the lanes of all',
    'wire column_appends = column_opens | (state == SCAN_COLUMNS & walks_segments);',
    'wire row_appends = state == SCAN_ROWS & scan_any;',
    'wire any_tiles = tiles_any | column_opens;',
    `wire any_rows = rows_count != ${literal(0, listBits)} | row_appends;`,
    'always @(posedge clk) begin',
    '  if (state == START) begin',
    `    ${run.set('tiles_count')} <= ${literal(0, listBits)};`,
    `    ${run.set('rows_count')} <= ${literal(0, listBits)};`,
    "    test_any <= 1'b0;",
    `    ${run.set('tiles_any')} <= 1'b0;`,
    '  end',
    `  if (column_opens) ${run.set('tiles_any')} <= 1'b1;`,
    '  if (column_appends) begin',
    `    ${run.item('tiles_tile', largest, placeIn('tiles_count'))} <= ${widths.tile}'(count);`,
    `    ${run.item('tiles_lanes', largest, placeIn('tiles_count'))} <= scan_open;`,
    `    ${run.set('tiles_count')} <= tiles_count + ${literal(1, listBits)};`,
    '  end',
    '  if (row_appends) begin',
    `    ${run.item('rows_tile', largest, placeIn('rows_count'))} <= ${widths.tile}'(count);`,
    `    ${run.item('rows_lanes', largest, placeIn('rows_count'))} <= scan_open;`,
    `    ${run.set('rows_count')} <= rows_count + ${literal(1, listBits)};`,
    '  end',
    "  if (state == TEST & |scan_lanes) test_any <= 1'b1;",
    'end',
    "wire clear_end = state == CLEAR & count == pass_words - 32'd1;",
    'wire test_end = state == TEST & scan_end;',
    'assign stopped = test_end & ~(test_any | |scan_lanes);',
    'assign done = clear_end | (test_end & ~stopped) | (pass_end & ~more_rows)',
    '  | (state == SCAN_COLUMNS & scan_end & ~has_rows & ~any_tiles)',
    '  | (state == SCAN_ROWS & scan_end & ~((~has_columns | any_tiles) & any_rows));',
  ];
}

/** Rows, one after another: the next one is chosen in the cycle before it starts. */
function rowsText(context: CoreContext): string[] {
  const { plan, widths } = context;
  const { lanes, neuron } = widths;
  const { run } = context;
  const largest = listLength(context);
  const listBits = indexBits(largest + 1);
  const rowIndex = `rows_next[${indexBits(largest) - 1}:0]`;
  const { kernelCycles } = plan.hw.overheads;
  return [
    ...run.declare(vector(neuron), 'row', 'event_neuron'),
    ...run.declare(vector(lanes), 'row_left'),
    ...run.declare(vector(widths.tile), 'row_tile'),
    "wire drain_end = state == DRAIN & count == drain - 32'd1 & ~suspends_early;",
    '// a row of segments without an open tile has nothing to drain',
    'wire closed_end = tiles_end & walks_segments & ~(pass_opened | tile_opens);',
    'wire pass_end = drain_end | closed_end;',
    `wire row_enters = (state == START & count == 32'd${kernelCycles - 1}) | (state == SCAN_ROWS & scan_end) | pass_end;`,
    '// the next open row: what is left of a tile of rows, then the next tile of the list, then what the scan has found',
    'wire row_goes_on = |row_left;',
    `wire row_scanned = state == SCAN_ROWS & rows_count == ${literal(0, listBits)};`,
    `wire ${vector(lanes)} row_choice = row_scanned ? scan_open : row_goes_on ? row_left : ${run.item('rows_lanes', largest, rowIndex)};`,
    `wire ${vector(widths.tile)} row_choice_tile = row_scanned ? ${widths.tile}'(count) : row_goes_on ? row_tile : ${run.item('rows_tile', largest, rowIndex)};`,
    `reg ${vector(indexBits(lanes))} row_lane;`,
    'integer row_j;',
    'always_comb begin',
    `  row_lane = ${literal(0, indexBits(lanes))};`,
    `  for (row_j = ${lanes - 1}; row_j >= 0; row_j = row_j - 1) if (row_choice[row_j]) row_lane = ${indexBits(lanes)}'(row_j);`,
    'end',
    "wire more_rows = all_rows & (has_rows ? row_goes_on | rows_next != rows_count : 32'(row) + 32'd1 < rows_to_walk);",
    `wire ${vector(neuron)} row_soon = state == START ? (all_rows ? ${literal(0, neuron)} : event_neuron) :`,
    `  has_rows ? ${neuron}'(32'(row_choice_tile) * 32'd${lanes} + 32'(row_lane)) : row + ${literal(1, neuron)};`,
    'always @(posedge clk) begin',
    `  if (row_enters) ${run.set('row')} <= row_soon;`,
    '  if (state == START) begin',
    `    ${run.set('row_left')} <= ${literal(0n, lanes)};`,
    `    ${run.set('rows_next')} <= ${literal(0, listBits)};`,
    '  end else if (row_enters) begin',
    `    ${run.set('row_left')} <= row_choice & (row_choice - ${literal(1n, lanes)});`,
    `    ${run.set('row_tile')} <= row_choice_tile;`,
    `    if (~row_goes_on) ${run.set('rows_next')} <= rows_next + ${literal(1, listBits)};`,
    '  end',
    'end',
  ];
}

/** The most cycles of a row's loads, or stores. */
function mostRowCycles({ plan }: CoreContext, key: 'rowLoadCycles' | 'rowStoreCycles'): number {
  return Math.max(0, ...plan.kernels.map(({ schedule }) => schedule[key]));
}

/** The tiles of a pass, one every interval; a closed one of a segment takes a cycle. */
function tilesText(context: CoreContext): string[] {
  const { plan, modules, run } = context;
  const { rowCycles } = plan.hw.overheads;
  const loads = mostRowCycles(context, 'rowLoadCycles');
  const stores = mostRowCycles(context, 'rowStoreCycles');
  const lists = plan.kernels.some(({ list }) => list !== undefined);
  const waits = waitingKernels(context).length > 0;
  const starts =
    plan.kernels.some(walksSegments) ||
    modules.some(({ ports }) => ports.some(({ meaning }) => meaning.does === 'pass-start'));
  return [
    ...(starts ? ["wire pass_start = state == START | (state == ROW & count == 32'd0);"] : []),
    '// a row loads before its tiles; one of segments, before the first that is open',
    `wire row_end = state == ROW & ~pass_waits & count == 32'd${rowCycles - 1} + (walks_segments ? ${lists ? "32'(walks_list)" : "32'd0"} : row_loads);`,
    ...run.declare('', 'row_loaded', 'pass_opened'),
    'reg [31:0] load_count;',
    "wire row_waits = state == TILES & walks_segments & tile_opens & row_loads != 32'd0 & ~row_loaded;",
    '// tiles enter the pipeline',
    ...run.declare('[31:0]', 'tile_count'),
    'reg [31:0] tile_phase;',
    ...backText(context, 'tile_count', '[31:0]'),
    'wire tile_opens = ~walks_segments | segment_opens;',
    "wire tile_now = state == TILES & tile_opens & ~row_waits & tile_phase == 32'd0;",
    "wire tile_ends = state == TILES & ~row_waits & (~tile_opens | tile_phase == interval - 32'd1);",
    "wire [31:0] tiles_to_go = has_columns ? 32'(tiles_count) : tiles_of_pass;",
    "wire tile_last = walks_segments ? segment_ends_row : tile_count == tiles_to_go - 32'd1;",
    'wire tiles_end = tile_ends & tile_last;',
    'always @(posedge clk)',
    ...(waits
      ? [
          `  if (suspends_early) begin ${run.set('tile_count')} <= tile_count_back; tile_phase <= 32'd0; end`,
          '  else if (state == SUSPEND) begin end else',
        ]
      : []),
    '  if (state != TILES) begin',
    `    ${run.set('tile_count')} <= 32'd0;`,
    "    tile_phase <= 32'd0;",
    "    load_count <= 32'd0;",
    `    ${run.set('row_loaded')} <= 1'b0;`,
    `    ${run.set('pass_opened')} <= 1'b0;`,
    '  end else begin',
    "    if (tile_ends) tile_phase <= 32'd0;",
    "    else if (~row_waits) tile_phase <= tile_phase + 32'd1;",
    `    if (tile_ends) ${run.set('tile_count')} <= tile_count + 32'd1;`,
    "    if (row_waits) load_count <= load_count + 32'd1;",
    `    if (row_waits & load_count == row_loads - 32'd1) ${run.set('row_loaded')} <= 1'b1;`,
    `    if (tile_now) ${run.set('pass_opened')} <= 1'b1;`,
    '  end',
    ...(loads === 0 ? [] : rowSlots(loads, rowCycles)),
    ...(stores === 0
      ? []
      : [
          `wire ${vector(stores)} row_store;`,
          ...Array.from(
            { length: stores },
            (_, slot) =>
              `assign row_store[${slot}] = state == DRAIN & count + row_stores == drain + 32'd${slot};`,
          ),
        ]),
  ];
}

/** The cycles in which a row loads, and the one after. */
function rowSlots(most: number, rowCycles: number): string[] {
  const seen = most === 1 ? 'row_slot_seen' : `{row_slot_seen[${most - 1}:0]}`;
  return [
    `reg ${vector(most)} row_slot_seen;`,
    `wire row_loads_now = (state == ROW & ~walks_segments & row_loads != 32'd0 & count == 32'd${rowCycles}) | (row_waits & load_count == 32'd0);`,
    `wire ${vector(most + 1)} row_slot = {${seen}, row_loads_now};`,
    `always @(posedge clk) row_slot_seen <= row_slot[${most - 1}:0];`,
  ];
}

/** What follows each tile on its way through the pipeline. */
function tapsText(context: CoreContext): string[] {
  const { widths, modules } = context;
  const { lanes, tile, weightRow, place } = widths;
  const rowNumber = { text: 'row', bits: widths.neuron };
  const index = `tile_count[${indexBits(listLength(context)) - 1}:0]`;
  const used = (
    what: 'valid' | 'tile' | 'active' | 'items' | 'from' | 'line' | 'place',
  ): number | undefined => {
    const delays = modules.flatMap(({ ports }) =>
      ports.flatMap(({ meaning }) => (meaning.does === what ? [meaning.delay] : [])),
    );
    return delays.length === 0 ? undefined : Math.max(...delays);
  };
  const waits = waitingKernels(context).length > 0;
  const column = `by_columns ? ${tile}'(row) : has_columns ? ${context.run.item('tiles_tile', listLength(context), index)} : walks_one ? ${tile}'(${quotient(rowNumber, lanes).text}) : ${tile}'(tile_count)`;
  const active = `by_columns ? (32'(row) == 32'(last_tile) ? tail : {${lanes}{1'b1}}) : has_columns ? ${context.run.item('tiles_lanes', listLength(context), index)} : walks_one ? ${literal(1n, lanes)} << ${modulo(rowNumber, lanes).text} : tile_last ? tail : {${lanes}{1'b1}}`;
  const items = `walks_one ? tap_active_0 : tap_tile_0 == last_tile ? tail : {${lanes}{1'b1}}`;
  const cuts = context.plan.kernels.some(walksSegments);
  const cut = (ofSegment: string, other: string): string =>
    cuts ? `walks_segments ? ${ofSegment} : ${other}` : other;
  return [
    ...(
      [
        ['valid', '', 'tile_now'],
        ['tile', vector(tile), cut('segment_tile', column)],
        ['active', vector(lanes), cut('segment_active', active)],
        // the lanes that hold an item, active or not
        ['items', vector(lanes), cut('segment_lanes', items)],
        ['from', vector(indexBits(lanes)), cut('segment_from', literal(0, indexBits(lanes)))],
        ['line', vector(weightRow), cut('segment_weight_row', `${weightRow}'(tile_count)`)],
        ['place', vector(place), cut('segment_tile_place', literal(0, place))],
      ] as const
    ).flatMap(([what, shape, source]) => {
      const most = used(what);
      if (most === undefined) return [];
      return [
        `wire ${shape} tap_${what}_0 = ${source};`,
        ...Array.from({ length: most }, (_, before) => {
          const value = `tap_${what}_${before}`;
          const dropped = waits ? ` | suspend_ends | (suspends_early & emit_delay > 32'd${before})` : '';
          const kept = what === 'valid' ? `rst | drain_end${dropped} ? 1'b0 : ${value}` : value;
          return `reg ${shape} tap_${what}_${before + 1}; always @(posedge clk) tap_${what}_${before + 1} <= ${kept};`;
        }),
      ];
    }),
    '',
  ];
}
