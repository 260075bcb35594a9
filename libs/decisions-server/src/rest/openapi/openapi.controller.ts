import { Controller, Get, Header } from '@nestjs/common';
import { openapiDocument } from './document.ts';

/** Needs no key: it says nothing of anybody, and whoever writes an agent needs it first. */
@Controller('openapi.json')
export class OpenapiController {
  readonly #text = JSON.stringify(openapiDocument());

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  document(): string {
    return this.#text;
  }
}
