import type { ServerResponse } from 'node:http';
import { answerOf } from './answer.ts';
import type { Fault } from './fault.ts';
import { isCreate } from './requests.ts';

/** The answer got lost behind it: what was asked for is done. */
export const errorPage: Fault = {
  handle: (next) => async (request, response) => {
    if (!isCreate(request)) return next(request, response);
    await answerOf(next, request, response);
    writePage(response, 500, page('500 Internal Server Error', '<hr><center>nginx</center>'));
  },
};

export const loginPage: Fault = {
  handle: () => async (_, response) =>
    writePage(response, 200, page('Sign in', '<form method="post"><input name="user"><input name="password"></form>')),
};

export const redirect: Fault = {
  handle: () => async (_, response) => {
    response.setHeader('Location', 'https://login.example.com/?rd=%2F');
    writePage(response, 302, page('302 Found', '<hr><center>nginx</center>'));
  },
};

function page(title: string, more: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n${more}\r\n</body>\r\n</html>\r\n`;
}

function writePage(response: ServerResponse, code: number, html: string): void {
  response.writeHead(code, { 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(html) }).end(html);
}
