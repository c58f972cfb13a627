using System.Net;
using System.Net.Sockets;
using Mayu.Client.Contracts;

namespace Mayu.Client.Tests;

public sealed class MayuClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Machines_are_listed_with_the_token_over_a_checked_connection()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"a","state":"running"},{"serial":"b","state":"unknown"}]}""");
        using var client = await OpenAsync(api.Options);

        var machines = (await client.ListMachinesAsync(Cancellation)).Value!;

        Assert.Equal(["a", "b"], machines.Select(machine => machine.Serial));
        Assert.Equal("Bearer " + FakeApi.Token, Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task Every_request_has_its_own_path_and_a_serial_is_escaped_in_it()
    {
        await using var api = await FakeApi.StartAsync();
        const string Serial = "a/b c?#";
        const string Escaped = "a%2Fb%20c%3F%23";
        api.Answer("GET /api/v1/machines/" + Escaped, """{"serial":"a/b c?#"}""")
            .Answer($"GET /api/v1/machines/{Escaped}/trace", """{"items":[{"name":"offer","at":"2026-01-02T03:04:05Z"}]}""")
            .Answer($"PUT /api/v1/machines/{Escaped}/state", """{"serial":"a/b c?#","state":"configured"}""")
            .Answer($"GET /api/v1/history?limit=5&serial={Escaped}", """{"items":[{"id":"c0ffee","what":"x"}]}""")
            .Answer("GET /api/v1/history?limit=7", """{"items":[]}""")
            .Answer("GET /api/v1/version", """{"version":"1.2.3"}""");
        using var client = await OpenAsync(api.Options with { Server = api.Url + "/" });

        Assert.Equal(Serial, (await client.GetMachineAsync(Serial, Cancellation)).Value!.Serial);
        Assert.Equal("offer", (await client.GetTraceAsync(Serial, Cancellation)).Value!.Items.Single().Name);
        Assert.Equal("configured", (await client.SetStateAsync(Serial, new StateChangeRequest { State = "configured", KeepDiskData = true, Reason = "why" }, Cancellation)).Value!.State);
        Assert.Equal("c0ffee", (await client.GetHistoryAsync(new HistoryRequest { Serial = Serial, Limit = 5 }, Cancellation)).Value!.Single().Id);
        Assert.Empty((await client.GetHistoryAsync(new HistoryRequest { Limit = 7 }, Cancellation)).Value!);
        Assert.Equal("1.2.3", (await client.GetVersionAsync(Cancellation)).Value!.Version);
        Assert.Contains(api.Requests, request => request.Body == """{"state":"configured","keepDiskData":true,"reason":"why"}""");
    }

    [Fact]
    public async Task Every_change_has_its_own_path_and_names_are_escaped_in_it()
    {
        await using var api = await FakeApi.StartAsync();
        const string Machine = """{"serial":"a/b"}""";
        const string Path = "/api/v1/machines/a%2Fb";
        api.Answer("PATCH " + Path, Machine)
            .Answer($"PUT {Path}/overrides/x", Machine)
            .Answer($"DELETE {Path}/overrides/x?reason=old%26gone", Machine)
            .Answer($"POST {Path}/rollback", Machine)
            .Answer($"POST {Path}/conflict", Machine)
            .Answer($"DELETE {Path}?force=true&reason=sold", Machine)
            .Answer($"GET {Path}?at=2026-01-02T03%3A04%3A05Z", Machine)
            .Answer("PUT /api/v1/pins/a%2Fb", """{"key":"serial:a/b"}""")
            .Answer("DELETE /api/v1/pins/a%2Fb", """{"key":"serial:a/b"}""")
            .Answer("GET /api/v1/pins", """{"items":[{"key":"serial:a/b"}]}""")
            .Answer("GET /api/v1/profiles", """{"items":[{"name":"core"}]}""")
            .Answer("GET /api/v1/addresses", """{"pools":[{"name":"internal"}]}""");
        using var client = await OpenAsync(api.Options);

        ApiResult<Machine>[] machines =
        [
            await client.ChangeMachineAsync("a/b", new MachineChangeRequest { Enabled = false }, Cancellation),
            await client.SetOverrideAsync("a/b", "x", new OverrideRequest { Value = "1" }, Cancellation),
            await client.RemoveOverrideAsync("a/b", "x", "old&gone", Cancellation),
            await client.RollBackAsync("a/b", new RollbackRequest { To = "c0ffee0" }, Cancellation),
            await client.ResolveConflictAsync("a/b", new ConflictRequest { Verdict = ConflictRequest.Accept }, Cancellation),
            await client.DeleteMachineAsync("a/b", force: true, "sold", Cancellation),
            await client.GetMachineAtAsync("a/b", "2026-01-02T03:04:05Z", Cancellation),
        ];

        Assert.All(machines, machine => Assert.Equal("a/b", machine.Value?.Serial));
        Assert.Equal("serial:a/b", (await client.Pins.SetAsync("a/b", new PinRequest { Profile = "core" }, Cancellation)).Value!.Key);
        Assert.Equal("serial:a/b", (await client.Pins.RemoveAsync("a/b", null, Cancellation)).Value!.Key);
        Assert.Equal("serial:a/b", Assert.Single((await client.Pins.ListAsync(Cancellation)).Value!).Key);
        Assert.Equal("core", (await client.GetProfilesAsync(Cancellation)).Value!.Items.Single().Name);
        Assert.Equal("internal", (await client.GetAddressesAsync(Cancellation)).Value!.Pools.Single().Name);
    }

    [Theory]
    [InlineData(404, ApiFailureKind.NotFound)]
    [InlineData(409, ApiFailureKind.Conflict)]
    [InlineData(412, ApiFailureKind.Conflict)]
    [InlineData(400, ApiFailureKind.Refused)]
    [InlineData(401, ApiFailureKind.Unauthorized)]
    [InlineData(403, ApiFailureKind.Forbidden)]
    [InlineData(500, ApiFailureKind.ServerFailed)]
    public async Task A_problem_keeps_its_title_and_detail(int status, ApiFailureKind kind)
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("GET /api/v1/machines", status, "the title", "the detail");
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal((kind, "the title", "the detail", status), (failure.Kind, failure.Title, failure.Detail, failure.Status));
    }

    [Theory]
    [InlineData(404, "404 page not found")]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(200, "null")]
    [InlineData(200, "[1,2]")]
    [InlineData(302, "")]
    public async Task Another_server_is_told_from_mayu(int status, string body)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", body, status, "text/html");
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal(ApiFailureKind.NotMayu, failure.Kind);
        Assert.Contains("4080", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused_and_the_ca_file_named()
    {
        await using var api = await FakeApi.StartAsync();
        await using var other = await FakeApi.StartAsync();
        using var client = await OpenAsync(api.Options with { CaFile = other.CaFile });

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
        Assert.Contains(other.CaFile, failure.Title, StringComparison.Ordinal);
        Assert.Contains("--ca", failure.Advice, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_certificate_of_our_authority_is_refused_by_the_systems_trust()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = await OpenAsync(api.Options with { CaFile = MayuClientOptions.SystemAuthorities });

        Assert.Equal(ApiFailureKind.Unreachable, (await client.ListMachinesAsync(Cancellation)).Failure!.Kind);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var api = await FakeApi.StartAsync("mayu.example");
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
        Assert.Contains("is not valid for '127.0.0.1'", failure.Title, StringComparison.Ordinal);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_asked_for()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = await OpenAsync(api.Options with { Server = "https://127.0.0.1:1" });

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
        Assert.Contains("no connection to 127.0.0.1:1", failure.Title, StringComparison.Ordinal);
        Assert.Contains("is mayu running", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_after_the_timeout()
    {
        await using var api = await FakeApi.StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = await OpenAsync(api.Options with { Server = $"https://{silent.LocalEndpoint}", Timeout = TimeSpan.FromMilliseconds(50) });

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
        Assert.Contains("did not answer within", failure.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_speaks_no_tls_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        using var client = await OpenAsync(api.Options with { Server = $"https://{plain.LocalEndpoint}" });
        var request = client.ListMachinesAsync(Cancellation);
        using (var accepted = await plain.AcceptTcpClientAsync(Cancellation))
        {
            await accepted.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);
            var failure = (await request).Failure!;

            Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
            Assert.Contains("the TLS handshake with", failure.Title, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_closes_at_once_is_told(bool isReset)
    {
        await using var api = await FakeApi.StartAsync();
        using var full = new TcpListener(IPAddress.Loopback, 0);
        full.Start();
        using var client = await OpenAsync(api.Options with { Server = $"https://{full.LocalEndpoint}" });
        var request = client.ListMachinesAsync(Cancellation);
        using (var accepted = await full.AcceptSocketAsync(Cancellation))
        {
            await accepted.ReceiveAsync(new byte[1], Cancellation);
            accepted.LingerState = new LingerOption(isReset, 0);
        }

        var failure = (await request).Failure!;
        Assert.Equal(ApiFailureKind.Unreachable, failure.Kind);
        Assert.Contains("closed the connection at once", failure.Title, StringComparison.Ordinal);
        Assert.Contains("api.max_connections_per_client", failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_before_a_word_is_told_each_time()
    {
        await using var api = await FakeApi.StartAsync();
        using var full = new TcpListener(IPAddress.Loopback, 0);
        full.Start();
        for (var i = 0; i < 50; i++)
        {
            using var client = await OpenAsync(api.Options with { Server = $"https://{full.LocalEndpoint}", Tries = 1 });
            var request = client.ListMachinesAsync(Cancellation);
            using (var accepted = await full.AcceptSocketAsync(Cancellation))
            {
                accepted.LingerState = new LingerOption(enable: true, 0);
            }

            Assert.Contains("closed the connection at once", (await request).Failure!.Title, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_request_that_changes_something_has_a_key_of_its_own_and_no_other_has()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PATCH /api/v1/machines/a", """{"serial":"a"}""").Answer("GET /api/v1/machines/a", """{"serial":"a"}""").Answer("POST /api/v1/tokens", """{"name":"ci","role":"viewer"}""")
            .Answer("DELETE /api/v1/machines/a", """{"serial":"a"}""").Answer("PUT /api/v1/pins/a", """{"key":"serial:a"}""");
        using var client = await OpenAsync(api.Options);

        await client.GetMachineAsync("a", Cancellation);
        await client.ChangeMachineAsync("a", new MachineChangeRequest { Cabinet = "7" }, Cancellation);
        await client.ChangeMachineAsync("a", new MachineChangeRequest { Cabinet = "7" }, Cancellation);
        await client.Tokens.CreateAsync(new ApiTokenRequest { Name = "ci", Role = "viewer" }, Cancellation);
        await client.Pins.SetAsync("a", new PinRequest { Profile = "core" }, Cancellation);
        await client.DeleteMachineAsync("a", cancellation: Cancellation);

        Assert.Equal("", api.Keys.First());
        Assert.Equal(5, api.Keys.Skip(1).Distinct().Count());
        Assert.All(api.Keys.Skip(1), key => Assert.Matches("^\"[0-9a-f-]{36}\"$", key));
    }

    [Fact]
    public async Task The_wrong_fields_of_a_request_are_told_one_by_one()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PATCH /api/v1/machines/a", """{"title":"t","status":400,"detail":"d","errors":[{"pointer":"#/hostname","detail":"x"},null,{"pointer":"#/cabinet"}]}""", 400, "application/problem+json");
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ChangeMachineAsync("a", new MachineChangeRequest { Hostname = "-" }, Cancellation)).Failure!;

        Assert.Equal([("#/hostname", "x"), ("#/cabinet", "")], failure.Errors.Select(error => (error.Pointer, error.Detail)));
        Assert.Empty((await client.GetMachineAsync("nosuch", Cancellation)).Failure!.Errors);
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_not_read()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", new string(' ', MayuClient.MaxAnswerLength + 1));
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Contains("too long", failure.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_the_cancellation()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = await OpenAsync(api.Options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListMachinesAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task The_log_tells_requests_and_answers_and_never_the_token()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/version", """{"version":"1"}""");
        var lines = new List<string>();
        using var client = await OpenAsync(api.Options with { Log = lines.Add });

        await client.GetVersionAsync(Cancellation);

        Assert.Equal($"GET {api.Url}/api/v1/version", lines[0]);
        Assert.StartsWith("200 application/json after", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains(FakeApi.Token, StringComparison.Ordinal));
    }

    private static async Task<MayuClient> OpenAsync(MayuClientOptions options)
    {
        var result = await MayuClient.OpenAsync(options, Cancellation);
        return result.Value ?? throw new InvalidOperationException(result.Failure!.ToString());
    }
}
