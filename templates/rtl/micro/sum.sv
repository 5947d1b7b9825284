// The sum of a row, or its largest value: a tree of two steps, what the tiles of the row have given, and its saturation
// to the field.
module micro_sum #(parameter LANES = 16, parameter ACCESS = 26) (
  input wire clk,
  input wire rst,
  input wire valid,
  input wire first,
  input wire last,
  input wire [LANES-1:0] lanes,
  input wire [32*LANES-1:0] items,
  input wire [12:0] row,
  input wire [1:0] bank,
  input wire [ACCESS-1:0] access,
  input wire [1:0] to,
  input wire [5:0] bits,
  input wire takes_largest,
  output reg write,
  output reg [1:0] write_bank,
  output reg [ACCESS-1:0] write_access,
  output reg [12:0] write_row,
  output reg [31:0] write_word
);
`include "micro.svh"
  localparam GROUPS = LANES > 4 ? LANES / 4 : 1;
  localparam EACH = LANES / GROUPS;
  localparam FACTS = 2 + ACCESS + 13 + 9;
  // less than all values that count
  localparam [31:0] LOWEST = 32'h80000000;
  function automatic [31:0] larger(input [31:0] a, input [31:0] b);
    larger = $signed(a) < $signed(b) ? b : a;
  endfunction
  reg [32*GROUPS-1:0] parts;
  reg [31:0] total, row_sum, whole;
  reg [32*GROUPS-1:0] groups;
  reg [2:0] goes, starts, ends;
  reg [FACTS-1:0] facts [0:2];
  integer g, l;
  wire [1:0] fit_to = facts[2][0 +: 2];
  wire [32:0] high = {33{1'b1}} << (fit_to == FIT_UNSIGNED ? facts[2][2 +: 6] : facts[2][2 +: 6] - 6'd1);
  wire [32:0] v = {row_sum[31], row_sum};
  wire is_symmetric = fit_to == FIT_SYMMETRIC;
  wire is_unsigned = fit_to == FIT_UNSIGNED;
  wire is_below = v[32] & (is_unsigned | is_symmetric & ~|(v & ~high) | ~&(v | ~high));
  wire is_above = ~v[32] & |(v & high);
  wire [31:0] lowest = is_unsigned ? 32'd0 : {high[31:1], high[0] | is_symmetric};
  always @* begin
    groups = {GROUPS{takes_largest ? LOWEST : 32'd0}};
    for (l = 0; l < LANES; l = l + 1)
      if (lanes[l]) groups[32 * (l / EACH) +: 32] = takes_largest ? larger(groups[32 * (l / EACH) +: 32], items[32*l +: 32]) :
        groups[32 * (l / EACH) +: 32] + items[32*l +: 32];
    whole = facts[0][8] ? LOWEST : 32'd0;
    for (g = 0; g < GROUPS; g = g + 1) whole = facts[0][8] ? larger(whole, parts[32*g +: 32]) : whole + parts[32*g +: 32];
  end
  always @(posedge clk) begin
    parts <= groups;
    total <= whole;
    if (goes[1]) row_sum <= starts[1] ? total : facts[1][8] ? larger(row_sum, total) : row_sum + total;
    goes <= {goes[1:0], valid & ~rst};
    starts <= {starts[1:0], first};
    ends <= {ends[1:0], last};
    facts[0] <= {bank, access, row, takes_largest, bits, to};
    facts[1] <= facts[0];
    facts[2] <= facts[1];
    write <= goes[2] & ends[2];
    {write_bank, write_access, write_row} <= facts[2][FACTS-1:9];
    write_word <= fit_to == FIT_NONE ? row_sum : is_below ? lowest : is_above ? ~high[31:0] : row_sum;
    if (rst) {goes, write} <= 4'd0;
  end
endmodule
