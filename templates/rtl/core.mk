# make icarus, make verilator: run the bench, and show the first lines in which it differs from the model.
@alone?@# make board: the same pin by pin, through the serial line of the board, which the script of the host talks to.
@alone?@BOARD = top_stream.sv uart.sv board.sv
@placed?@BOARD =
CORE = $(filter-out $(BOARD) bench%.sv,$(sort $(wildcard *.sv)))

.PHONY: icarus verilator board lint compare clean
icarus:
	@icarus_build@ $(CORE) bench.sv
	@icarus_run@
	$(MAKE) compare

verilator:
	@verilator_build@ $(CORE) bench.sv
	@verilator_run@
	$(MAKE) compare

compare:
	@diff expected.txt observed.txt | head -n 8; cmp -s expected.txt observed.txt && echo identical

@alone?@@board_bench@: $(CORE) $(BOARD) bench_board.sv
@alone?@	@board_build@ $^
@alone?@
@alone?@board: @board_bench@
@alone?@	python3 host.py --simulate check
@alone?@
lint:
@alone?@	verilator --lint-only -Wall@lint@ --top-module board $(CORE) $(BOARD)
@placed?@	verilator --lint-only -Wall@lint@ --top-module plasticore_core $(CORE) $(BOARD)

clean:
	rm -rf obj_dir bench.vvp bench_board.vvp observed.txt learnt
@micro?@	rm -rf obj_board
