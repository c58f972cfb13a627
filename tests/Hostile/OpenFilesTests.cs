using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Interop.Tests.Network;
using Mayu.Netboot.Tests;

namespace Mayu.Hostile.Tests;

/// <summary>Connections against the files that the program may have open: without one left, the store, DHCP and the program itself end.</summary>
public sealed class OpenFilesTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-files-").FullName;
    private readonly StringBuilder _said = new();
    private Process? _program;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_program is { } program)
        {
            program.Kill();
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
            program.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Connections_leave_files_for_the_program_however_few_there_are()
    {
        var boot = await StartAsync();
        var silent = await RawClient.ConnectAsync(boot, 1100, 1);
        await AnswersAsync(boot);
        Assert.InRange(OpenFiles(), 1, 900);
        Assert.Contains("LimitNOFILE=", Said(), StringComparison.Ordinal);
        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Whoever_connects_faster_than_connections_can_be_closed_waits()
    {
        var boot = await StartAsync();
        using var end = new CancellationTokenSource();
        var flood = Enumerable.Range(0, 4).Select(which => Task.Run(() => Flood(boot, which, end.Token), TestContext.Current.CancellationToken)).ToList();
        var most = 0;
        for (var i = 0; i < AttackCount.Of(200, 3000); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            most = Math.Max(most, OpenFiles());
        }

        await end.CancelAsync();
        await Task.WhenAll(flood);
        Assert.InRange(most, 1, 900);
        await AnswersAsync(boot);
    }

    private int OpenFiles() => Directory.GetFileSystemEntries($"/proc/{_program!.Id}/fd").Length;

    private async Task AnswersAsync(Uri boot)
    {
        Assert.False(_program!.HasExited);
        using var client = new HttpClient();
        Assert.Contains("Mayu", await client.GetStringAsync(boot, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // From a thousand hosts; each connection is dropped for the next one.
    private static void Flood(Uri server, int which, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, LingerState = new LingerOption(enable: true, seconds: 0) };
            try
            {
                socket.Bind(new IPEndPoint(RawClient.Host(((which * 256) + i) % 1024), 0));
                socket.Connect(IPAddress.Loopback, server.Port);
            }
            catch (SocketException)
            {
                // It is on its way, or the queue is full.
            }

            socket.Poll(TimeSpan.FromMilliseconds(1), SelectMode.SelectWrite);
            socket.Dispose();
        }
    }

    private async Task<Uri> StartAsync()
    {
        var bootPort = FreePort();
        var file = Path.Combine(_folder, "config.yaml");
        await File.WriteAllTextAsync(file, $$"""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: {start: 127.0.0.10, end: 127.0.0.12}
            boot: {port: {{bootPort.ToString(CultureInfo.InvariantCulture)}}}
            api: {address: 127.0.0.1, port: {{FreePort().ToString(CultureInfo.InvariantCulture)}}}
            data_dir: {{_folder}}
            defaults: {image: os}
            profiles: [{name: core, quantity: 2}]
            """, TestContext.Current.CancellationToken);
        _program = ProgramRun.Start("prlimit", "--nofile=1024:1024", Programs.Mayu, "serve", "--config", file);
        _program.OutputDataReceived += (_, line) => Hear(line.Data);
        _program.ErrorDataReceived += (_, line) => Hear(line.Data);
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();
        await Eventually.TrueAsync(() => Said().Contains(": ready", StringComparison.Ordinal));
        return new Uri($"http://127.0.0.1:{bootPort}/");
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }

    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
