// The default client of net/http. It reads requests from standard input, and prints what the client did, one line each;
// adapters/python/driver.py has the format.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
)

func main() {
	write("ready", strings.TrimPrefix(runtime.Version(), "go"))
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		status, text, err := send(strings.Split(lines.Text(), "\t"))
		if err != nil {
			write("raised", status, message(err))
		} else {
			write("returned", status, text)
		}
	}
}

func send(fields []string) (status, text string, err error) {
	method, target, body, credentials, headers := fields[0], fields[1], fields[2], fields[3], fields[5:]
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	request, err := http.NewRequest(method, target, content)
	if err != nil {
		return "", "", err
	}
	if user, password, ok := strings.Cut(credentials, ":"); ok {
		request.SetBasicAuth(user, password)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if response != nil { // also with the error of too many redirects
		status = fmt.Sprint(response.StatusCode)
	}
	if err != nil {
		return status, "", err
	}
	defer response.Body.Close()
	received, err := io.ReadAll(response.Body)
	return status, string(received), err
}

func message(err error) string {
	var failure *url.Error
	if errors.As(err, &failure) {
		err = failure.Err
	}
	return err.Error()
}

func write(fields ...string) {
	for index, field := range fields {
		field = strings.Join(strings.Fields(field), " ")
		fields[index] = field[:min(len(field), 60)]
	}
	fmt.Println(strings.Join(fields, "\t"))
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
