// One program for a whole control plane and kubectl: `control-plane etcd|kube-apiserver|kube-controller-manager|kubectl
// ARGUMENTS…`, so that one build (and one link) serves them all. Called by the name kubectl, it is kubectl.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	if filepath.Base(os.Args[0]) == "kubectl" {
		runKubectl()
		return
	}
	if len(os.Args) < 2 {
		usage()
	}
	if directory := os.Getenv("CONTROL_PLANE_DIRECTORY"); directory != "" {
		go endWithStarter(directory)
	}
	component := os.Args[1]
	// Each component reads os.Args by itself, as if it had been started under its own name.
	os.Args = append([]string{component}, os.Args[2:]...)
	switch component {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case "kubectl":
		runKubectl()
	case "kubectl-batch":
		runKubectlBatch(os.Stdin, os.Stdout)
	default:
		usage()
	}
}

// endWithStarter ends this process, and removes the instance's directory, when the pipe on standard input closes.
// The kernel closes it whatever ended the starter, SIGKILL included, so there is no process id to remember or mistake.
func endWithStarter(directory string) {
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = os.RemoveAll(directory)
	os.Exit(1)
}

func usage() {
	fmt.Fprintln(os.Stderr, `usage: control-plane etcd|kube-apiserver|kube-controller-manager|kubectl ARGUMENTS
       control-plane kubectl-batch   (a JSON object a line on standard input: {"kubeconfig", "args"})
With CONTROL_PLANE_DIRECTORY set, it ends and removes that directory when its standard input closes.`)
	os.Exit(2)
}
