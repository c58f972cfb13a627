using System.Net;
using System.Net.Sockets;

namespace Mayu.Server.Tests.BootHttp;

public class TemplateFaultTests
{
    private const string Version = "ignition: {version: 3.3.0}\n";

    public static TheoryData<string, string> Defects => new()
    {
        { "{{ if }}", "line 1" },
        { "{{ machine.nonsense }}", "nonsense" },
        { "{{ x = {}; x.a = x; x | json }}", "contains itself" },
        { "a: [1", "not valid YAML" },
        { Version + "x: &x [*x]", "inside the node that it refers to" },
        { Version + "storage: {files: [{path: /a, overwrite: yes}]}", "write true or \"yes\"" },
        { Version + "x: " + new string('[', 1000) + new string(']', 1000), "64 deep" },
        { Version + "x: 1", "Ignition has no such key here" },
        { Version + "passwd: {groups: [{name: a, gid: 123456789012345678901234567890}]}", "this number is too large" },
        { "ignition: {version: 3.3}", "write 3.3.0" },
        { "ignition: {version: 3}", "write 3.3.0" },
        { "ignition: 3.3.0", "ignition: it must be a map" },
        { "", "an Ignition config must be a map" },
    };

    // Each was an answer 500 of which the machine's trace said nothing, or the end of the server.
    [Theory]
    [MemberData(nameof(Defects))]
    public async Task A_defect_in_rendering_a_machines_config_is_that_machines_problem(string template, string expected)
    {
        await using var server = await TestServer.StartAsync();
        await WriteAsync(server, "ignition/default.yaml", template);

        var answer = await server.AskForConfigAsync("abc-1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(expected, await TestServer.DetailOf(answer), StringComparison.Ordinal);
        Assert.Contains(expected, await ProblemOf(server, "abc-1"), StringComparison.Ordinal);
        Assert.Equal("configured", (string?)(await server.MachineAsync("abc-1"))["state"]);

        await WriteAsync(server, "ignition/default.yaml", Version);
        Assert.Equal(HttpStatusCode.OK, (await server.AskForConfigAsync("abc-1")).StatusCode);
    }

    [Theory]
    [InlineData("first-stage-script", "first_stage_script.sh", "{{ if }}", "line 1")]
    [InlineData("first-stage-script", "first_stage_script.sh", "{{ x = {}; x.a = x; x | sh }}", "contains itself")]
    [InlineData("first-stage-cloud-config", "cloudconfig/first_stage.yaml", "#cloud-config\nx: &x [*x]", "inside the node that it refers to")]
    [InlineData("first-stage-cloud-config", "cloudconfig/first_stage.yaml", "#cloud-config\nx: 0644", "octal")]
    public async Task A_defect_in_rendering_the_first_stage_is_that_machines_problem(string path, string file, string template, string expected)
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("abc-1");
        await WriteAsync(server, file, template);

        var answer = await server.Boot.GetAsync($"/{path}/abc-1", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(expected, await TestServer.DetailOf(answer), StringComparison.Ordinal);
        Assert.Contains(expected, await ProblemOf(server, "abc-1"), StringComparison.Ordinal);
    }

    // It was an answer 500 with a stack trace in the log, again and again, and nothing in the list.
    [Theory]
    [InlineData("images/abc-1/vmlinuz", "images/discovery/vmlinuz", "image: ")]
    [InlineData("images/abc-1/install_image.bin.gz", "images/os/install_image.bin.gz", "image: ")]
    public async Task A_file_that_cannot_be_opened_is_that_machines_problem(string path, string file, string hop)
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("abc-1");
        using var socket = Unopenable(Path.Combine(server.Folder, file));

        var answer = await server.Boot.GetAsync($"/{path}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(file, await TestServer.DetailOf(answer), StringComparison.Ordinal);
        var problem = (await server.MachineAsync("abc-1"))["problem"]!;
        Assert.Equal(hop, $"{problem["hop"]}: ");
        Assert.Contains(file, (string?)problem["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_infopusher_that_cannot_be_opened_is_told_with_its_path()
    {
        var file = Path.Combine(Path.GetTempPath(), $"mayu-helper-{Guid.NewGuid():n}");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var server = await TestServer.StartAsync($"hostinfo_helper: {file}");
        using var socket = Unopenable(file);

        var answer = await server.Boot.GetAsync("/hostinfo-helper", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(file, await TestServer.DetailOf(answer), StringComparison.Ordinal);
        File.Delete(file);
    }

    // Root may read any file, but nobody can open a socket as one.
    private static Socket Unopenable(string path)
    {
        File.Delete(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static async Task<string> ProblemOf(TestServer server, string serial) => (string?)(await server.MachineAsync(serial))["problem"]?["reason"] ?? "";

    private static async Task WriteAsync(TestServer server, string name, string template)
    {
        var file = Path.Combine(server.Folder, "templates", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, template, TestContext.Current.CancellationToken);
    }
}
