using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Netboot.Tests;
using Mayu.Server;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Hostile.Tests;

/// <summary>The disk of <c>data_dir</c> turns read-only while the server runs, as a kernel has it do that found an error: and it comes back, or has no inode left. Alone, since a program that another test starts has this process's open files until its exec.</summary>
[Collection(nameof(ReadOnlyDiskTests))]
[CollectionDefinition(nameof(ReadOnlyDiskTests), DisableParallelization = true)]
public sealed class ReadOnlyDiskTests : IAsyncLifetime
{
    private readonly WholeServer _place = new();
    private bool _isMounted;

    public static TheoryData<bool> Kinds => [true, false];

    public async ValueTask InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=4k", "tmpfs", _place.Folder);
            _isMounted = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            await RunAsync("umount", _place.Folder);
        }

        _place.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_disk_that_turns_read_only_is_told_by_readyz_though_nothing_changes_and_takes_changes_when_it_is_well(bool hasHistory)
    {
        await using var server = await ServedAsync(hasHistory);
        for (var round = 0; round < AttackCount.Of(2, 20); round++)
        {
            await RunAsync("mount", "-o", "remount,ro", _place.Folder);
            Assert.Contains(_place.Cluster, await server.UntilAsync("not ready: "), StringComparison.Ordinal);
            await RefusedAsync(server);
            // What is known is answered all the same.
            Assert.Equal("running", await server.StateAsync());

            await RunAsync("mount", "-o", "remount,rw", _place.Folder);
            await server.UntilAsync("ready\n");
            await TakenAsync(server);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_disk_without_an_inode_refuses_changes_and_takes_them_when_it_has_some(bool hasHistory)
    {
        await using var server = await ServedAsync(hasHistory);
        var fillers = Directory.CreateDirectory(Path.Combine(_place.Folder, "fillers")).FullName;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 5000; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(fillers, $"{i}"), "", TestContext.Current.CancellationToken);
            }
        });

        await RefusedAsync(server);
        Assert.Contains("not ready: ", await server.ReadyAsync(), StringComparison.Ordinal);
        Directory.Delete(fillers, recursive: true);
        await server.UntilAsync("ready\n");
        await TakenAsync(server);
    }

    private static async Task RefusedAsync(Served server)
    {
        using var answer = await server.SetAsync("state", new JsonObject { ["state"] = "configured" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Nothing was changed", await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    private static async Task TakenAsync(Served server)
    {
        foreach (var state in new[] { "configured", "running" })
        {
            using var answer = await server.SetAsync("state", new JsonObject { ["state"] = state });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(state, await server.StateAsync());
        }

        Assert.DoesNotContain("quarantined", await server.ReadyAsync(), StringComparison.Ordinal);
    }

    private async Task<Served> ServedAsync(bool hasHistory)
    {
        Assert.SkipUnless(_isMounted, "only root can mount a small file system");
        var machine = Directory.CreateDirectory(Path.Combine(_place.Cluster, "known")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(machine, "conf.json"),
            """{"Serial": "known", "State": "running", "Profile": "core", "MacAddresses": ["52:54:00:00:00:01"], "InternalAddr": "127.0.0.10"}""",
            TestContext.Current.CancellationToken);
        return await Served.StartAsync(_place, hasHistory);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>The server that runs, and who talks to it.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private readonly ILoggerFactory _loggers;
        private readonly MayuServer _server;
        private readonly HttpClient _api;

        private Served(ILoggerFactory loggers, MayuServer server, HttpClient api) => (_loggers, _server, _api) = (loggers, server, api);

        public static async Task<Served> StartAsync(WholeServer place, bool hasHistory)
        {
            var lines = new LogLines();
            var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
            var server = await place.StartAsync(hasHistory: hasHistory, loggers: loggers);
            var api = TestServer.ApiClient(server.Keys, UrlOf(lines));
            api.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(server.Keys.TokenFile)).Trim());
            return new Served(loggers, server, api);
        }

        public async Task<string> ReadyAsync()
        {
            using var answer = await _api.GetAsync(new Uri("/readyz", UriKind.Relative));
            return await answer.Content.ReadAsStringAsync();
        }

        public async Task<string> UntilAsync(string start)
        {
            var said = await ReadyAsync();
            for (var i = 0; i < 1500 && !said.StartsWith(start, StringComparison.Ordinal); i++)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
                said = await ReadyAsync();
            }

            Assert.StartsWith(start, said, StringComparison.Ordinal);
            return said;
        }

        public Task<HttpResponseMessage> SetAsync(string what, JsonObject body) => _api.PutAsJsonAsync($"/api/v1/machines/known/{what}", body);

        public async Task<string> StateAsync() => (string)JsonNode.Parse(await _api.GetStringAsync(new Uri("/api/v1/machines/known", UriKind.Relative)))!["state"]!;

        public async ValueTask DisposeAsync()
        {
            _api.Dispose();
            await _server.DisposeAsync();
            _loggers.Dispose();
        }

        private static string UrlOf(LogLines lines) =>
            lines.Texts.Single(text => text.StartsWith("Now listening on: https://", StringComparison.Ordinal))["Now listening on: ".Length..];
    }
}
