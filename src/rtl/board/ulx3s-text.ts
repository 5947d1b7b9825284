import { at } from '../../arrays/index.ts';
import type { CoreImage } from '../../image/index.ts';
import { commentLine, indexBits } from '../emit/text.ts';

/** The clock on the board, and bits of its serial line a second: whole clocks for each bit. */
export const boardClockMhz = 25;
export const baud = 1_000_000;
const clocksPerBit = (boardClockMhz * 1_000_000) / baud;

/** Words that wait for the core: those of a step, whose command the host sends at once. */
function roomFor(image: CoreImage): number {
  return 2 ** indexBits(at(image.populations, image.input).size + 8);
}

/** The board's module: its serial line carries the streams of the core. */
export function ulx3sText(image: CoreImage): string {
  return `${commentLine(`${image.program} on a ULX3S`)} (v2 and v3): the serial line of its USB socket US1 carries the streams, ${baud} baud, 8N1.
module ulx3s (
  input wire clk_25mhz,
  // named from the USB chip: this one receives
  input wire ftdi_txd,
  output wire ftdi_rxd,
  input wire fire1,
  output wire [7:0] led,
  // high, or the board's other processor takes over
  output wire wifi_gpio0
);
  assign wifi_gpio0 = 1'b1;

  // reset: at power-up, while FIRE1 is pressed, and where the host holds the line low
  reg [3:0] awake = 4'd0;
  reg [1:0] pressed = 2'd0;
  reg rst = 1'b1;
  wire asks_reset;
  always @(posedge clk_25mhz) begin
    if (~awake[3]) awake <= awake + 4'd1;
    pressed <= {pressed[0], fire1};
    rst <= ~awake[3] | pressed[1] | asks_reset;
  end

  wire in_valid, in_ready, out_valid, out_ready, line_lost, busy, fault, lost, refused;
  wire [31:0] in_word, out_word;
  uart #(.CLOCKS(${clocksPerBit}), .ROOM(${roomFor(image)})) serial (
    .clk(clk_25mhz), .rst(rst), .rxd(ftdi_txd), .txd(ftdi_rxd), .asks_reset(asks_reset), .lost(line_lost),
    .m_axis_tvalid(in_valid), .m_axis_tready(in_ready), .m_axis_tdata(in_word),
    .s_axis_tvalid(out_valid), .s_axis_tready(out_ready), .s_axis_tdata(out_word)
  );
  wire out_last;
  wire unused_last = &{1'b0, out_last};
  top_stream core (
    .clk(clk_25mhz), .rst(rst), .s_lost(line_lost), .busy(busy), .fault(fault), .lost(lost), .refused(refused),
    .s_axis_tvalid(in_valid), .s_axis_tready(in_ready), .s_axis_tdata(in_word),
    .m_axis_tvalid(out_valid), .m_axis_tready(out_ready), .m_axis_tdata(out_word), .m_axis_tlast(out_last)
  );

  // a tenth of a second of light for what is short
  reg [21:0] busy_for, rx_for, tx_for;
  localparam [21:0] TENTH = 22'd${boardClockMhz * 100_000};
  always @(posedge clk_25mhz) begin
    busy_for <= rst ? 22'd0 : busy ? TENTH : busy_for == 0 ? 22'd0 : busy_for - 22'd1;
    rx_for <= rst ? 22'd0 : in_valid ? TENTH : rx_for == 0 ? 22'd0 : rx_for - 22'd1;
    tx_for <= rst ? 22'd0 : out_valid ? TENTH : tx_for == 0 ? 22'd0 : tx_for - 22'd1;
  end
  assign led = {~rst, 1'b0, tx_for != 0, rx_for != 0, refused, lost, fault, busy_for != 0};
endmodule
`;
}

/** A pin of the board. */
interface Pin {
  readonly port: string;
  readonly site: string;
  readonly buffer: string;
}

/*
 * Pins as the constraints of the board's makers have them, for boards v2.x.x and v3.0.x:
 * https://github.com/emard/ulx3s, doc/constraints/ulx3s_v20.lpf
 */
const ledSites = ['B2', 'C2', 'C1', 'D2', 'D1', 'E2', 'E1', 'H3'];
const pins: readonly Pin[] = [
  { port: 'clk_25mhz', site: 'G2', buffer: 'PULLMODE=NONE' },
  { port: 'ftdi_rxd', site: 'L4', buffer: 'PULLMODE=UP DRIVE=4' },
  { port: 'ftdi_txd', site: 'M1', buffer: 'PULLMODE=UP' },
  { port: 'fire1', site: 'R1', buffer: 'PULLMODE=DOWN' },
  { port: 'wifi_gpio0', site: 'L2', buffer: 'PULLMODE=NONE DRIVE=4' },
  ...ledSites.map((site, index) => ({ port: `led[${index}]`, site, buffer: 'PULLMODE=NONE DRIVE=4' })),
];

/** The pins, as nextpnr reads them. */
export const ulx3sPins = `# ULX3S v2.x.x and v3.0.x: the clock, the serial line of the USB socket US1, button FIRE1, eight lights
${pins
  .map(
    ({ port, site, buffer }) =>
      `LOCATE COMP "${port}" SITE "${site}";\nIOBUF PORT "${port}" IO_TYPE=LVCMOS33 ${buffer};`,
  )
  .join('\n')}
FREQUENCY PORT "clk_25mhz" ${boardClockMhz} MHZ;
`;
