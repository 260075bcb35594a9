import { setTimeout as pause } from 'node:timers/promises';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAll, mug } from '../support/policies.ts';

/**
 * That nobody starves, however busy the machine. How much slower an agent gets beside a flood is measured by the bench,
 * with generators of their own; here the flood shares an event loop with what measures.
 */
const P99_MS = 1_500;
const ASKS = 300;
const FLOODING = 256;

let system: System;
let organization: string;
beforeAll(async () => {
  system = await startSystem();
  organization = await arrangeOrganization(system.operator, ['shop']);
});
afterAll(() => system.stop());

const arrange = async (connections: number) => {
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  return new HttpClient(system.apis[0]?.url ?? '', key, connections);
};

const ask = (client: HttpClient) => client.post('/v1/decisions', { requestId: crypto.randomUUID(), ...mug });

describe('an agent that floods', () => {
  it('never keeps another from being decided, and soon', async () => {
    const flooder = await arrange(FLOODING);
    const patient = await arrange(4);
    let isOver = false;
    const statuses = new Map<number, number>();
    const flood = async () => {
      while (!isOver) {
        const { status } = await ask(flooder);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const flooding = Array.from({ length: FLOODING }, flood);
    await pause(500);
    const latencies: number[] = [];
    for (let count = 0; count < ASKS; count += 1) {
      const startedAt = performance.now();
      const { status } = await ask(patient);
      latencies.push(performance.now() - startedAt);
      expect(status).toBe(200);
      await pause(5);
    }
    isOver = true;
    await Promise.all(flooding);
    const p99 = latencies.sort((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? Number.NaN;
    console.log(
      `flood: ${JSON.stringify(Object.fromEntries(statuses))} answers to the flooding agent; the other's p99 ${p99.toFixed(1)} ms`,
    );
    expect(p99).toBeLessThan(P99_MS);
    expect([...statuses.keys()].filter((status) => status !== 200 && status !== 429)).toEqual([]);
  });
});
