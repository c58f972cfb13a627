using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>mayuctl image</c>, <c>render</c> and <c>config-check</c>.</summary>
public sealed class ConfigCommandsTests
{
    private const string Os = """
        {"name":"os","version":"1.0","architecture":"x86_64","diskSizeBytes":2147483648,"profiles":["core","default"],"machines":3,"isComplete":true,
         "files":[{"name":"vmlinuz","kind":"kernel","sizeBytes":1048576},{"name":"install_image.bin.gz","kind":"disk","sizeBytes":3145728}]}
        """;

    private const string Gone = """{"name":"gone","profiles":["edge"],"isDiscovery":true,"machines":0,"problems":["image \"gone\" is missing: there is no folder /i/gone"]}""";

    private const string Seed = """
        {"serial":"vm-001","profile":"edge","image":"os","files":[{"name":"meta-data","text":"instance-id: x\n"},{"name":"user-data","text":"#cloud-config\n\tü\u001b[2J"}],
         "warnings":["These values were not validated, since secrets are not read here: users."]}
        """;

    [Fact]
    public async Task Images_are_listed_with_what_uses_them_and_what_they_lack()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/images", $$"""{"items":[{{Gone}},{{Os}}]}""");
        var run = CtlRun.Against(api);
        Assert.Equal(ExitCode.Ok, await run.RunAsync("image", "list"));
        Assert.Equal(
            """
            NAME  VERSION  ARCH    SIZE   MACHINES  USED BY          PROBLEM
            gone  -        -       0 B    0         discovery, edge  image "gone" is missing: there is no folder /i/gone
            os    1.0      x86_64  4 MiB  3         core, default    -

            """,
            run.Out, ignoreLineEndingDifferences: true);

        var names = CtlRun.Against(api);
        Assert.Equal(ExitCode.Ok, await names.RunAsync("image", "list", "-o", "name"));
        Assert.Equal("gone\nos\n", names.Out);
    }

    [Fact]
    public async Task An_image_is_shown_with_its_files()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/images/os", Os).Problem("GET /api/v1/images/x", 404, "Not found", "There is no image x.");
        var run = CtlRun.Against(api);
        Assert.Equal(ExitCode.Ok, await run.RunAsync("image", "show", "os"));
        Assert.Equal(
            """
            name       os
            version    1.0
            arch       x86_64
            disk size  2 GiB
            used by    core, default
            machines   3
            kernel     vmlinuz, 1 MiB
            disk       install_image.bin.gz, 3 MiB

            """,
            run.Out, ignoreLineEndingDifferences: true);
        Assert.Equal(ExitCode.NotFound, await CtlRun.Against(api).RunAsync("image", "show", "x"));
    }

    [Theory]
    [InlineData("render vm-001", "GET /api/v1/machines/vm-001/config")]
    [InlineData("render vm-001 --profile edge", "GET /api/v1/machines/vm-001/config?profile=edge")]
    [InlineData("render --profile edge", "GET /api/v1/profiles/edge/config")]
    public async Task A_config_is_printed_as_it_is_with_its_warnings_beside_it(string line, string request)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(request, Seed);
        var run = CtlRun.Against(api);
        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));
        Assert.Equal("#cloud-config\n\tü\u001b[2J\n", run.Out);
        Assert.Equal("mayuctl: warning: These values were not validated, since secrets are not read here: users.\n", run.Error);
    }

    [Fact]
    public async Task A_terminal_is_not_told_what_is_in_a_config()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines/vm-001/config", Seed);
        var run = CtlRun.Against(api, isTerminal: true);
        Assert.Equal(ExitCode.Ok, await run.RunAsync("render", "vm-001"));
        Assert.Equal("#cloud-config\n\tü\\x1b[2J\n", run.Out);
    }

    [Fact]
    public async Task A_file_of_a_config_is_asked_for_by_name()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines/vm-001/config", Seed);
        var (run, wrong) = (CtlRun.Against(api), CtlRun.Against(api));
        Assert.Equal(ExitCode.Ok, await run.RunAsync("render", "vm-001", "--file", "meta-data"));
        Assert.Equal("instance-id: x\n", run.Out);
        Assert.Equal(ExitCode.NotFound, await wrong.RunAsync("render", "vm-001", "--file", "x"));
        Assert.EndsWith("mayuctl: the config has no file x; it has meta-data, user-data\n", wrong.Error, StringComparison.Ordinal);

        var nobody = new CtlRun();
        Assert.Equal(ExitCode.Usage, await nobody.RunAsync("render"));
        Assert.StartsWith("mayuctl: Name a machine, or a profile with --profile.", nobody.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"file":"/c.yaml","isValid":true,"machines":2,"findings":[{"severity":"warning","key":"secrets","message":"w"},{"severity":"note","key":"network.model","message":"n"}]}""",
        0, "warning: secrets: w\nnote: network.model: n\n/c.yaml: ok, and so are the configs of 2 known machines\n")]
    [InlineData(
        """{"file":"/c.yaml","isValid":true,"findings":[{"severity":"error","key":"profiles","source":"t","line":1,"column":2,"message":"profile core: template t, line 1, column 2: x"}]}""",
        1, "error: profiles: profile core: template t, line 1, column 2: x\n/c.yaml is valid, but 1 thing that the server or its machines will need is missing or broken\n")]
    [InlineData(
        """{"file":"/c.yaml","isValid":false,"findings":[{"severity":"error","key":"vars","source":"/c.yaml","line":7,"column":3,"message":"x"},{"severity":"error","source":"MAYU_X","message":"y\u001b"}]}""",
        1, "error: /c.yaml:7:3: vars: x\nerror: MAYU_X: y\\x1b\n/c.yaml is not valid: 2 problems\n")]
    public async Task A_check_tells_all_that_it_found_and_ends_with_1_if_there_is_an_error(string answer, int exitCode, string told)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("POST /api/v1/config-check", answer);
        var run = CtlRun.Against(api);
        Assert.Equal(exitCode, await run.RunAsync("config-check"));
        Assert.Equal(told, run.Out);
        Assert.Equal(exitCode, await CtlRun.Against(api).RunAsync("config-check", "-o", "json"));
    }
}
