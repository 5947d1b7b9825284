/** The sources around the core, each with one module of that name: its streams, the serial line, and the board. */
export const boardNames = ['top_stream.sv', 'uart.sv', 'ulx3s.sv'] as const;

/** The bench of the board. */
export const boardBench = 'bench_ulx3s.sv';
