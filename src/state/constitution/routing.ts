export { routeAll as routedTexts } from '../../data/constitution/route.ts';
export { prettify } from '../../data/pretty.ts';
