import type { CommandGroup } from './command.ts';
import { dataCheck } from './data-check.ts';
import { dataList } from './data-list.ts';

export const data: CommandGroup = {
  name: 'data',
  summary: 'List and check data sets',
  commands: [dataList, dataCheck],
};
