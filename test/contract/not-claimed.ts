/**
 * What the real API server does and the sandbox does not claim: behaviour -> why. They are run on the sandbox all the
 * same, and one that turns out to be the same on both fails until its row is taken out.
 */
export const notClaimed: Readonly<Record<string, string>> = {
  'what is not there is not found: a Pod to change or to delete': 'its Pods can only be read',
  'what is not there is not found: a Service to change or to delete': 'its Services can only be read',
  'discovery names Pods and Services, with verbs, kind and short name': 'its Pods and Services can only be read',
  'an answer in a form that the server does not write is not acceptable':
    'it writes no object in protobuf, and does not say that it did',
  'a path is told of byte by byte where it is no UTF-8': 'it reads all text as UTF-8, and has no bytes left to tell of',
  'a path may have bytes in it that are no ASCII, without an escape':
    "Node's HTTP parser answers 400 before the sandbox sees the request",
  'a path of a part of a Pod is of the Pod': 'its Pods can only be read, as a whole',
  'a path of a part of a Service is of the Service': 'its Services can only be read, as a whole',
  'a method that nobody knows is not allowed': "Node's HTTP parser answers 400 before the sandbox sees the request",
  'a watch over a WebSocket': 'it has none: it goes on over HTTP, as for who asks for no other protocol',
  'a YAML body that is wrong in rarer ways is refused, too':
    'it reads YAML with the yaml package, whose mistakes are not always those of Go',
  'deleting in spite of what is in the store is refused where that can be read': 'nothing in its store is unreadable',
  'a ClusterRole of rules of others needs selectors that can be read': 'it does not check label selectors in a body',
  'a Secret for TLS comes with a warning where its certificate is none': 'it does not look into certificates',
  'a Namespace has conditions, each with its managers': 'its namespaces have no conditions',
  'an Event with a time in microseconds says who reports it, and what was done':
    'its Events are for reading: it checks no more of them than where they are',
};
