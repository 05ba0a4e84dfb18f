package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

type batchRequest struct {
	Kubeconfig string   `json:"kubeconfig"`
	Args       []string `json:"args"`
}

// Exactly one of them is set, or none where kubectl printed nothing.
type batchAnswer struct {
	Stdout string `json:"stdout,omitempty"`
	Error  string `json:"error,omitempty"`
}

// runKubectlBatch runs kubectl once for each request, in this process, and writes an answer a line: thousands of
// comparisons need not start as many programs.
func runKubectlBatch(requests io.Reader, answers io.Writer) {
	util.BehaviorOnFatal(func(message string, code int) { panic(fmt.Sprintf("%s (exit %d)", message, code)) })
	decoder := json.NewDecoder(requests)
	encoder := json.NewEncoder(answers)
	for {
		var request batchRequest
		if err := decoder.Decode(&request); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "Cannot read a request:", err)
			os.Exit(2)
		}
		stdout, err := kubectlOnce(request)
		answer := batchAnswer{Stdout: stdout}
		if err != nil {
			answer = batchAnswer{Error: err.Error()}
		}
		if err := encoder.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}

func kubectlOnce(request batchRequest) (stdout string, err error) {
	// What ends kubectl ends one request here; a crash of kubectl's is a refusal too.
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%v", problem)
		}
	}()
	if err := os.Setenv("KUBECONFIG", request.Kubeconfig); err != nil {
		return "", err
	}
	var out bytes.Buffer
	command := cmd.NewKubectlCommand(cmd.KubectlOptions{
		Arguments:   append([]string{"kubectl"}, request.Args...),
		ConfigFlags: genericclioptions.NewConfigFlags(true).WithDeprecatedPasswordFlag(),
		IOStreams:   genericiooptions.IOStreams{In: &bytes.Buffer{}, Out: &out, ErrOut: io.Discard},
	})
	command.SetArgs(request.Args)
	command.SilenceErrors = true
	command.SilenceUsage = true
	if err := command.Execute(); err != nil {
		return "", err
	}
	return out.String(), nil
}
