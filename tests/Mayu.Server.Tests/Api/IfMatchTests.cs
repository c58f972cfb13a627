using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Api.Machines;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

public sealed class IfMatchTests
{
    private static readonly Machine Record = new() { Serial = SerialOf("a"), State = MachineState.Running, Profile = "core", InstallId = "1", InstalledProfile = "core" };

    public static TheoryData<string, Func<Machine, Machine>> Changes => new()
    {
        { "state", machine => machine with { State = MachineState.Installed } },
        { "profile", machine => machine with { Profile = "edge" } },
        { "tags", machine => machine with { Metadata = ["rack=7"] } },
        { "override", machine => machine with { Overrides = machine.Overrides.SetItem("x", "1") } },
        { "installation", machine => machine with { InstallId = "2" } },
        { "installed profile", machine => machine with { InstalledProfile = "edge" } },
        { "serial that it says", machine => machine with { SaidSerial = SerialOf("b") } },
        { "notes", machine => machine with { Notes = "x" } },
        { "image", machine => machine with { Image = "os" } },
        { "enabled", machine => machine with { Enabled = false } },
        { "keeps its data", machine => machine with { KeepDiskData = true } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_other_content_has_another_tag(string what, Func<Machine, Machine> change)
    {
        Assert.NotEqual("", what);
        Assert.Equal(IfMatch.TagOf(Record), IfMatch.TagOf(Record with { }));
        Assert.NotEqual(IfMatch.TagOf(Record), IfMatch.TagOf(change(Record)));
    }

    [Theory]
    [InlineData("PUT", "/api/v1/pins/x", "If-Match")]
    [InlineData("DELETE", "/api/v1/pins/x", "If-Match")]
    [InlineData("PUT", "/api/v1/pins/x", "If-None-Match")]
    [InlineData("POST", "/api/v1/reload", "If-Match")]
    [InlineData("DELETE", "/api/v1/tokens/x", "If-Match")]
    [InlineData("PATCH", "/api/v1/machines/a", "If-None-Match")]
    public async Task A_condition_that_a_change_does_not_look_at_is_refused(string method, string path, string header)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation(header, "\"other\"");
        request.Content = method is "PUT" or "PATCH" ? new StringContent(method == "PUT" ? """{"profile":"core"}""" : """{"notes":"x"}""") : null;

        using var answer = await server.Api.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"takes no {header}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(server.Store.Current.Pins);
    }

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new InvalidOperationException(text);
}
