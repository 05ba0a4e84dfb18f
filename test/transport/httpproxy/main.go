// Says of each case in a file, a JSON list, whether Go's HTTP client would go through a proxy.
package main

import (
	"encoding/json"
	"net/url"
	"os"

	"golang.org/x/net/http/httpproxy"
)

type testCase struct {
	Server, NoProxy string
}

func main() {
	var cases []testCase
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil {
		panic(err)
	}
	proxied := make([]bool, len(cases))
	for i, each := range cases {
		server, err := url.Parse(each.Server)
		if err != nil {
			panic(err)
		}
		config := httpproxy.Config{HTTPProxy: "http://proxy.test", HTTPSProxy: "http://proxy.test", NoProxy: each.NoProxy}
		proxy, err := config.ProxyFunc()(server)
		if err != nil {
			panic(err)
		}
		proxied[i] = proxy != nil
	}
	if err := json.NewEncoder(os.Stdout).Encode(proxied); err != nil {
		panic(err)
	}
}
