import type { OpenList } from '../plan/core-plan.ts';
import { type CoreContext, countBits } from './context.ts';
import { gateSources } from './gates-text.ts';
import { inside, literal, type Verilog, vector, wire } from './verilog.ts';

/** Scans: the lists of open tiles and rows. */
export function scansText(context: CoreContext): Verilog {
  return [gateReadText(context), listsOfTilesText(context), endsText(context)];
}

/** Reads a gate a tile ahead: while one is tested, and the first one while the step starts. */
function gateReadText({ plan, widths }: CoreContext): string[] {
  const { lanes, cycle, step: stepBits, gate: gateBits } = widths;
  const { gates, starts } = plan;
  const sources = gates
    .flatMap(gateSources)
    .map(({ read, shown }) => `({${lanes}{${shown}}} & ${read})`)
    .join(' | ');
  const within = (last: string, tail: string): string =>
    `scan_place > ${last} ? ${none} : scan_place == ${last} ? ${tail} : ${all}`;
  const none = literal(0n, lanes);
  const all = `{${lanes}{1'b1}}`;
  return [
    '// gates are read a tile ahead, the first one while their step starts',
    'wire scan_end = count == (state == SCAN_ROWS ? rows_scan_last : scan_last);',
    'wire scan_rows = state == SCAN_ROWS | (state == SCAN_COLUMNS & scan_end);',
    'wire scan_first = state == START | scan_end;',
    `wire ${vector(cycle)} scan_after = count + ${literal(1, cycle)};`,
    `wire ${vector(cycle)} scan_place = scan_first ? ${literal(0, cycle)} : scan_after;`,
    ...(gates.length === 0
      ? []
      : [
          `reg ${vector(gateBits)} scan_gate;`,
          'always_comb',
          '  case ({scan_rows, pc})',
          ...starts.flatMap(({ step, scans }) =>
            scans.map(
              ({ gate, isOfRows }) =>
                `    {1'b${isOfRows ? 1 : 0}, ${literal(step.number, stepBits)}}: scan_gate = ${literal(gate, gateBits)};`,
            ),
          ),
          `    default: scan_gate = ${literal(gates.length, gateBits)};`,
          '  endcase',
        ]),
    `wire ${vector(lanes)} scan_lanes = ${sources || none};`,
    '// lanes of the tile that are within the columns, or rows, that the kernel visits',
    `reg ${vector(lanes)} scan_within;`,
    'always @(posedge clk)',
    '  if (state == START) scan_within <= start_within;',
    `  else if (scan_rows) scan_within <= ${within('rows_last_tile', 'rows_tail')};`,
    `  else scan_within <= ${within(`${cycle}'(last_tile)`, 'tail')};`,
    `wire ${vector(lanes)} scan_open = scan_lanes & scan_within;`,
    'wire scan_any = |scan_open;',
  ];
}

/** The findings of scans. */
function listsOfTilesText(context: CoreContext): Verilog {
  const { plan, image, widths, run } = context;
  const { lanes, tile } = widths;
  const [tilesBits, rowsBits] = [countBits(plan, 'tiles'), countBits(plan, 'rows')];
  const always = image.core.columnGate === 'clock';
  /** The tile that is scanned enters a list; the first one is kept beside it, too. */
  const appended = (what: string, list: OpenList['of'], first: string): string[] => [
    `  if (${what}_appends) begin`,
    `    if (${list}_count == ${literal(0, countBits(plan, list))}) begin ${first}_tile <= scan_tile; ${first}_lanes <= scan_open; end`,
    `    ${list}_count <= ${list}_count + ${literal(1, countBits(plan, list))};`,
    '  end',
  ];
  const firsts = ['opening_tile', 'opening_lanes', 'opening_row_tile', 'opening_row_lanes'];
  return [
    // yosys gives a cast within the connection of a port the bits of what is cast.
    wire(tile, 'scan_tile', `${tile}'(count)`),
    '// the first of each list, which is asked for as soon as it is known',
    run.declare(tile, 'opening_tile', 'opening_row_tile'),
    run.declare(lanes, 'opening_lanes', 'opening_row_lanes'),
    run.declare(tilesBits, 'tiles_count'),
    run.declare(rowsBits, 'rows_count', 'rows_next'),
    'reg test_any;',
    run.declare(undefined, 'tiles_any'),
    `wire column_opens = state == SCAN_COLUMNS & ${always ? '|scan_within' : 'scan_any'};`,
    '// segments begin at any tile, so they need the lanes of all',
    'wire column_appends = column_opens | (state == SCAN_COLUMNS & walks_segments);',
    'wire row_appends = state == SCAN_ROWS & scan_any;',
    `wire any_rows = rows_count != ${literal(0, rowsBits)};`,
    'always @(posedge clk) begin',
    '  if (state == START) begin',
    `    tiles_count <= ${literal(0, tilesBits)};`,
    `    rows_count <= ${literal(0, rowsBits)};`,
    "    test_any <= 1'b0;",
    `    tiles_any <= 1'b0;`,
    '  end',
    `  if (column_opens) tiles_any <= 1'b1;`,
    ...appended('column', 'tiles', 'opening'),
    ...appended('row', 'rows', 'opening_row'),
    "  if (state == TEST & |scan_lanes) test_any <= 1'b1;",
    ...inside(run.resume('tiles_count', 'rows_count', 'tiles_any', ...firsts)),
    'end',
  ];
}

/** The ends of steps. */
function endsText({ image }: CoreContext): string[] {
  const always = image.core.columnGate === 'clock';
  return [
    'wire clear_end = state == CLEAR & count == scan_last;',
    'wire test_end = state == TEST & scan_end;',
    '// where the test fails, if it ends now',
    'assign test_fails = ~(test_any | |scan_lanes);',
    '// a scan that has found nothing so far ends the step unless the last tile, which is known last, is open',
    'wire scan_asks = scan_end & ((state == SCAN_COLUMNS & ~has_rows & ~tiles_any) | (state == SCAN_ROWS & ~any_rows));',
    'wire scan_closed = state == SCAN_ROWS & scan_end & has_columns & ~tiles_any;',
    `wire last_is_open = ${always ? 'state == SCAN_COLUMNS ? |scan_within : scan_any' : 'scan_any'};`,
    'wire scan_finds_none = scan_closed | (scan_asks & ~last_is_open);',
    '// where rows overlap, a run fills the pipeline, even if no row is open',
    'wire run_closes = overlaps & scan_finds_none;',
    'reg run_closed; always @(posedge clk) if (run_closes | state == START) run_closed <= state != START;',
    'wire row_follows = more_rows & ~(overlaps & run_closed);',
    'assign done = clear_end | test_end | (pass_end & ~row_follows) | (~overlaps & scan_finds_none);',
  ];
}
