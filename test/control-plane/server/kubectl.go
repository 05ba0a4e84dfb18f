package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"

	// kubectl's auth providers register themselves.
	_ "k8s.io/client-go/plugin/pkg/client/auth"
)

// runKubectl is kubectl's own program (k8s.io/kubernetes/cmd/kubectl): its command reads os.Args.
func runKubectl() {
	_, _ = logs.GlogSetter(cmd.GetLogVerbosity(os.Args))
	util.CheckErr(cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()))
}
