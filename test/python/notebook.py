"""Runs a notebook in a kernel of its own, for door.test.ts, and prints what its cells show."""

import json

import nbformat
from nbclient import NotebookClient

CELLS = {
    'run': "import plasticore\nreport = plasticore.run('mnist-snn', limit=50, epochs=1)\nreport",
    'picture': "report.pictures['confusion-1']",
    'table': "plasticore.memory('784-10', precision='mp16-8')",
}


class Client(NotebookClient):
    """Keeps what displays were updated to: in the end, the notebook has the last alone."""

    bars = []

    def process_message(self, message, cell, cell_index):
        if message['msg_type'] in ('display_data', 'update_display_data'):
            self.bars.append(message['content']['data'].get('text/html', ''))
        return super().process_message(message, cell, cell_index)


notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS.values()])
Client(notebook, kernel_name='python3', timeout=100).execute()
shown = {}
for name, cell in zip(CELLS, notebook.cells, strict=True):
    shown[name] = {}
    for output in cell.outputs:
        assert output.output_type != 'error', output
        if output.output_type == 'execute_result':
            shown[name] |= output.data
shown['run']['progress'] = next(bar for bar in reversed(Client.bars) if bar)
shown['run']['atTheEnd'] = Client.bars[-1]
print(json.dumps(shown))
