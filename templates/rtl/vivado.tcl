# vivado -mode batch -source @board@.tcl: the board's bitstream, @board@.bit, in a project of its own.
# Nobody has run this script yet: Plasticore's tests have no Vivado.
read_verilog -sv {@sources@}
read_xdc @board@.xdc
synth_design -top board -part @part@ @generics@
opt_design
place_design
route_design
report_utilization -file @board@.utilization.txt
report_timing_summary -file @board@.timing.txt
write_bitstream -force @board@.bit
