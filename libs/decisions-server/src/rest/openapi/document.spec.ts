import { Validator } from '@seriousme/openapi-schema-validator';
import { GUARDS_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { agentControllers } from '../agent-controllers.ts';
import { AgentGuard } from '../agent.guard.ts';
import { agentProblems } from '../agent-problems.ts';
import { openapiDocument } from './document.ts';
import { examples } from './examples.ts';
import { operations } from './operations.ts';

const document = openapiDocument();
const written = JSON.stringify(document);

/** Every route that the controllers register, as `get /v1/decisions/{id}`. */
const registeredRoutes = agentControllers.flatMap((controller) => {
  const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const handlers = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([, { value }]) =>
    typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value) ? [value as object] : [],
  );
  return handlers.map((handler) => {
    const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? '';
    const parts = [base, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
    return `${method.toLowerCase()} /${parts.join('/').replace(/:(\w+)/g, '{$1}')}`;
  });
});

describe('the OpenAPI document', () => {
  it('describes every route that the controllers register, and nothing else', () => {
    expect(operations.map(({ route }) => route).sort()).toEqual([...registeredRoutes].sort());
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
  });

  it.each(agentControllers)('promises an agent key where %o asks for one', (controller) => {
    expect(Reflect.getMetadata(GUARDS_METADATA, controller)).toContain(AgentGuard);
  });

  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(JSON.parse(written) as Record<string, unknown>);
    expect(result).toEqual({ valid: true });
  });

  it('refers only to what it holds', () => {
    const names = new Set(Object.keys(document.components.schemas));
    const references = [...written.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(references.filter((name) => !names.has(name))).toEqual([]);
    expect(written.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
  });

  it.each(Object.entries(examples))('shows a valid %s', (name, example) => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true, uuid: true, uri: true } });
    ajv.addSchema(document, 'document');
    const isValid = ajv.validate({ $ref: `document#/components/schemas/${name}` }, example);
    expect(ajv.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  it('names every problem of the surface somewhere', () => {
    const missing = Object.keys(agentProblems).filter((code) => !written.includes(`\`${code}\``));
    expect(missing).toEqual([]);
  });
});
