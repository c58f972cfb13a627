using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>The real server takes its configuration over on SIGHUP, all or nothing.</summary>
public sealed class ReloadSignalTests
{
    private const string Facts =
        """{"Serial":"hup-1","NetDevs":[{"Name":"eth0","MacAddress":"02:00:00:00:09:02"}],"ConnectedNIC":"eth0"}""";

    [Fact]
    public async Task A_changed_variable_is_in_the_next_config_and_a_broken_file_changes_nothing()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        var templates = Directory.CreateDirectory(Path.Combine(mayu.Folder, "templates", "generic"));
        await File.WriteAllTextAsync(Path.Combine(templates.FullName, "word.txt"), "the word is {{ vars.word }}\n");
        foreach (var file in (string[])["vmlinuz", "initrd.cpio.gz"])
        {
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(mayu.Folder, "images", "os")).FullName, file), file);
        }

        await ConfigureAsync("vars: { word: one }");
        await mayu.StartAsync();
        Assert.Equal("the word is one\n", await ConfigAsync());

        await ConfigureAsync("vars: { word: two }");
        Assert.Equal("the word is one\n", await ConfigAsync());
        await mayu.SignalAsync("HUP");
        await mayu.PrintsAsync("The configuration was reloaded: changed: vars");
        Assert.Equal("the word is two\n", await ConfigAsync());

        await ConfigureAsync("vars: { word: three }\nno_such_key: 1");
        await mayu.SignalAsync("HUP");
        await mayu.PrintsAsync("no_such_key");
        Assert.Equal("the word is two\n", await ConfigAsync());
        Assert.Contains("was not reloaded", await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);

        Task ConfigureAsync(string more) => mayu.ConfigureAsync($$"""
            engine: external
            network:
              address: 127.0.0.1
              subnet: 127.0.0.0/24
              internal_range: { start: 127.0.0.100, end: 127.0.0.150 }
            templates_dir: {{mayu.Folder}}/templates
            images_dir: {{mayu.Folder}}/images
            defaults: { image: os, mode: live, provisioning: generic, template: word.txt }
            boot: { tokens: optional }
            {{more}}
            """);

        Task<string> ConfigAsync() => TestNetwork.RunAsync(
            host, "curl", "--silent", "--show-error", "--fail", "--max-time", "20", "--data", Facts, "http://127.0.0.1:4081/provisioning-config");
    }
}
