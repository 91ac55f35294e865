// Package browsertest tests the page in a real browser, against the real shop in this
// process.
//
// It needs Chromium, on the PATH or at the path in the environment variable CHROMIUM. If
// SCREENSHOTS is a directory, it saves screenshots there. With -update, it regenerates
// the README's pictures.
package browsertest

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var browser context.Context

var update = flag.Bool("update", false, "regenerate the README's pictures of the page")

func TestMain(m *testing.M) {
	flag.Parse()
	chromium := find()
	if chromium == "" {
		fmt.Println("Skipped: the page in a browser, because there is no Chromium. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.")
		_ = flag.Set("test.run", "^$") // so that the summary says that no tests ran
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(5*time.Minute),
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
		allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
		defer stop()
		ctx, close := chromedp.NewContext(allocator)
		defer close()
		if err := chromedp.Do(ctx); err != nil {
			fmt.Println("start", chromium+":", err)
			return 1
		}
		browser = ctx
		return m.Run()
	}())
}

func find() string {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return named
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// tab is a tab of a fresh browser. It fails the test if the page reports an error or
// sends a request to another host.
type tab struct {
	t    *testing.T
	ctx  context.Context
	host string

	mu             sync.Mutex
	errors         []string
	failuresToCome bool
}

func newTab(t *testing.T, address string) *tab {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	tb := &tab{t: t, host: u.Host}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext(), chromedp.WithListener(tb.listen))
	t.Cleanup(func() {
		closeTab()
		tb.mu.Lock()
		defer tb.mu.Unlock()
		require.Empty(t, tb.errors)
	})
	require.NoError(t, chromedp.Do(ctx)) // opens the tab, so that the deadline does not close it
	tb.ctx = ctx
	if deadline, ok := t.Deadline(); ok {
		// A test that waits longer than this fails.
		var cancel context.CancelFunc
		tb.ctx, cancel = context.WithDeadline(ctx, deadline.Add(-10*time.Second))
		t.Cleanup(cancel)
	}
	call(tb, network.Enable, network.EnableParams{})
	call(tb, cdplog.Enable, cdp.Empty{})
	tb.do(chromedp.EmulateViewport(wide.width, wide.height), chromedp.Navigate(address))
	return tb
}

// run runs a subtest. Until it ends, failures in the tab fail the subtest.
func (tb *tab) run(name string, f func(*testing.T)) {
	test := tb.t
	defer func() { tb.t = test }()
	test.Run(name, func(t *testing.T) {
		tb.t = t
		f(t)
	})
}

func (tb *tab) listen(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Host != tb.host {
			tb.report("request to another host: " + e.Request.URL)
		}
	case *cdplog.EventEntryAdded:
		tb.mu.Lock()
		expected := tb.failuresToCome && e.Entry.Source == cdplog.EntrySourceNetwork
		tb.mu.Unlock()
		if e.Entry.Level == cdplog.EntryLevelError && !expected {
			tb.report(e.Entry.Text + " " + e.Entry.URL)
		}
	case *runtime.EventExceptionThrown:
		tb.report(fmt.Sprintf("%s: %+v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		tb.report("console: " + e.Type.String())
	}
}

// expectFailures is for tests in which the shop refuses requests or is away, because a
// browser reports every failed request.
func (tb *tab) expectFailures() {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.failuresToCome = true
}

func (tb *tab) report(text string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.errors = append(tb.errors, text)
}

func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	require.NoError(tb.t, chromedp.Do(tb.ctx, actions...))
}

// call sends the browser a command of its protocol.
func call[P, R any](tb *tab, command cdp.Command[P, R], parameters P) {
	tb.t.Helper()
	_, err := chromedp.Call(tb.ctx, command, parameters)
	require.NoError(tb.t, err)
}

// get evaluates an expression in the page.
func get[T any](tb *tab, expression string) T {
	tb.t.Helper()
	v, err := chromedp.Run(tb.ctx, chromedp.Evaluate[T](expression))
	require.NoError(tb.t, err, expression)
	return v
}

// wait polls until an expression is true. It does not use chromedp.Poll, which the page's
// policy blocks.
func (tb *tab) wait(expression string) {
	tb.t.Helper()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for !get[bool](tb, expression) {
		select {
		case <-ticker.C:
		case <-tb.ctx.Done():
			require.Fail(tb.t, "never became true: "+expression)
		}
	}
}

// text returns the text of the first matching element; waitText waits until it contains a
// text.
func (tb *tab) text(selector string) string {
	tb.t.Helper()
	return get[string](tb, textOf(selector))
}

func (tb *tab) waitText(selector, text string) {
	tb.t.Helper()
	tb.wait(fmt.Sprintf("(%s).includes(%s)", textOf(selector), quote(text)))
}

func textOf(selector string) string {
	return fmt.Sprintf("document.querySelector(%s)?.textContent ?? ''", quote(selector))
}

func (tb *tab) click(selector string) {
	tb.t.Helper()
	tb.do(chromedp.Click(chromedp.CSS(selector)))
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}

type screen struct {
	name          string
	width, height int64
}

var (
	wide    = screen{"wide", 1440, 900}
	tablet  = screen{"tablet", 820, 1180}
	narrow  = screen{"narrow", 390, 844}
	screens = []screen{narrow, tablet, wide}
)

// shoot saves screenshots of the page, wide and narrow, light and dark, if they are
// requested.
func (tb *tab) shoot(name string) {
	tb.t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	for _, s := range screens {
		tb.do(chromedp.EmulateViewport(s.width, s.height))
		for _, scheme := range []string{"light", "dark"} {
			tb.save(filepath.Join(dir, fmt.Sprintf("%s-%s-%s.png", name, s.name, scheme)), scheme)
		}
	}
	tb.do(chromedp.EmulateViewport(wide.width, wide.height))
}

// picture regenerates the README's pictures of the page, with -update.
func (tb *tab) picture() {
	tb.t.Helper()
	if !*update {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		tb.save("../../../docs/page-"+scheme+".png", scheme)
	}
}

// save saves a screenshot of the page.
func (tb *tab) save(file, scheme string) {
	tb.t.Helper()
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	picture, err := chromedp.Run(tb.ctx, chromedp.FullScreenshot(100))
	require.NoError(tb.t, err)
	require.NoError(tb.t, os.WriteFile(file, picture, 0o644))
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
}

// axe returns the path of axe-core's script.
func axe() string {
	return cmp.Or(os.Getenv("AXE"), "../../../.tools/axe/node_modules/axe-core/axe.min.js")
}
