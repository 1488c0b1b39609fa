export { wilsonInterval } from '../../contract/interval.ts';
