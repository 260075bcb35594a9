import { Controller, Get } from '@nestjs/common';

/** Answers as soon as the process serves; whether the database answers is told by what needs it. */
@Controller('health')
export class HealthController {
  @Get()
  health() {
    return { status: 'ok' };
  }
}
