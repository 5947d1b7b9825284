// What the parts of a word mean to the units of a lane, and to the way from a bank.
  // By how much the rotator turns to the right, and the bits that are not dropped.
  function automatic [4:0] rotation(input [4:0] amount, input left);
    rotation = left ? 5'd0 - amount : amount;
  endfunction
  function automatic [31:0] kept_bits(input [4:0] amount, input left);
    kept_bits = left ? 32'hffffffff << amount : 32'hffffffff >> amount;
  endfunction
  // The bits above those that a field has for a number of its sign.
  function automatic [32:0] high_bits(input [1:0] to, input [5:0] bits);
    high_bits = {33{1'b1}} << (to == FIT_UNSIGNED ? bits : bits - 6'd1);
  endfunction
  // Which half of a word a tile is in, then which half of that, as often as the word is halved.
  function automatic [7:0] halves(input [7:0] part, input [3:0] count);
    integer h;
    begin
      halves = 8'd0;
      for (h = 0; h < 8; h = h + 1) if (h < 32'(count)) halves[h] = part[3'(count - 4'd1 - 4'(h))];
    end
  endfunction
