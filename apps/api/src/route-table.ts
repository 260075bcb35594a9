import type { FastifyInstance } from 'fastify';

/** Every route by method and path, as it is registered while the api is put together. `HEAD` does what `GET` does. */
export function routeTable(server: FastifyInstance): readonly string[] {
  const routes: string[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().flatMap((each) => (each === 'HEAD' ? [] : [`${each} ${url}`])));
  });
  return routes;
}
