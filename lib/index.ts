export {
  DeniedError,
  InterruptedError,
  KubeSaTokenError,
  NotFoundError,
  OutputError,
  RefusedError,
  ServerError,
  UnreachableError,
  UsageError,
  WaitTimeoutError,
} from './model/errors.ts';
export { BearerToken, SecretText } from './model/secret-text.ts';
