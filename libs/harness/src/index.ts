export { startSystem, type System, type SystemWish } from './system.ts';
export { startApi, type Api, type ApiWish } from './api-process.ts';
export { startDatabase, type Database } from './database.ts';
export { HttpClient, type HttpAnswer } from './http-client.ts';
export { Operator, OperatorRefused } from './operator.ts';
export { arrangeAgent, arrangeOrganization, type ArrangedAgent } from './arrange.ts';
