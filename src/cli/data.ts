import type { CommandGroup } from './command.ts';
import { dataCheck } from './data-check.ts';
import { dataFetch } from './data-fetch.ts';
import { dataList } from './data-list.ts';

export const data: CommandGroup = {
  name: 'data',
  summary: 'List, check and fetch data sets',
  commands: [dataList, dataCheck, dataFetch],
};
