using Mayu.Server.Configuration;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.ConfigViews;
using Mayu.Server.Preflight;

namespace Mayu.Server.Tests.Configuration;

public sealed class WebhookConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-webhooks-").FullName;

    [Fact]
    public void A_webhook_has_defaults_for_all_but_name_url_and_secret()
    {
        var hook = Assert.Single(Bind("webhooks: [{name: chat, url: \"https://hooks.example/a?key=b\", secret: chat}]", out var problems)!.Webhooks);
        Assert.Empty(problems);
        Assert.Equal(("chat", "https://hooks.example", "chat", 8, 10, 5), (hook.Name, hook.Origin, hook.Secret, hook.Attempts, hook.Timeout.TotalSeconds, hook.RetryPause.TotalSeconds));
        Assert.Equal(Enum.GetValues<WebhookEventKind>(), hook.Events);
        Assert.True(hook.Selector.IsEverything);
    }

    [Theory]
    [InlineData("url: ftp://hooks.example/, secret: chat", "webhooks[].url: \"ftp://hooks.example/\" is not the URL of a receiver")]
    [InlineData("url: \"https://user:password@hooks.example/\", secret: chat", "is not the URL of a receiver")]
    [InlineData("url: \"https://hooks.example/#a\", secret: chat", "is not the URL of a receiver")]
    [InlineData("url: hooks.example, secret: chat", "is not the URL of a receiver")]
    [InlineData("url: \"https://hooks.example/\", secret: chatt", "webhooks[].secret: there is no secret \"chatt\" in secrets; did you mean \"chat\"?")]
    [InlineData("url: \"https://hooks.example/\", secret: own", "webhooks[].secret: the secret \"own\" has a file for each machine")]
    [InlineData("url: \"https://hooks.example/\", secret: chat, events: [hop]", "webhooks[].events: \"hop\" must be one of: state, stall, moving, failed")]
    [InlineData("url: \"https://hooks.example/\", secret: chat, selector: rack", "webhooks[].selector: \"rack\" is not a selector")]
    [InlineData("url: \"https://hooks.example/\", secret: chat, ca_file: /nosuch/ca.pem", "webhooks[].ca_file: there is no file /nosuch/ca.pem")]
    [InlineData("url: \"https://hooks.example/\", secret: chat, attempts: 21", "must be a number from 1 to 20")]
    public void What_is_wrong_with_one_is_told_with_its_key(string keys, string problem)
    {
        Assert.Null(Bind($"webhooks: [{{name: chat, {keys}}}]", out var problems));
        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_a_name_are_told_for_a_file_is_called_by_it()
    {
        const string One = "{name: chat, url: \"https://hooks.example/\", secret: chat}";
        Assert.Null(Bind($"webhooks: [{One}, {One}]", out var problems));
        Assert.Contains("there are 2 webhooks with the name \"chat\"", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_is_too_short_is_told_before_the_start_and_not_repeated()
    {
        File.WriteAllText(Path.Combine(_folder, "secret"), "sh0rt");
        var configuration = Bind("webhooks: [{name: chat, url: \"https://hooks.example/\", secret: chat}]", out _)!;
        Assert.Contains(("webhooks", "the server cannot start: chat: the secret chat cannot be used: it has fewer than 16 characters"), new MachineNeeds(configuration).Missing());
        File.WriteAllText(Path.Combine(_folder, "secret"), "a secret that is long enough");
        Assert.DoesNotContain(new MachineNeeds(configuration).Missing(), need => need.Key == "webhooks");
    }

    [Theory]
    [InlineData("https://hooks.example/services/p4th", "https://hooks.example/***")]
    [InlineData("https://hooks.example/?key=p4th", "https://hooks.example/***")]
    [InlineData("https://hooks.example:8443/", "https://hooks.example:8443/")]
    public void Nobody_is_shown_what_is_behind_the_host_of_a_url(string url, string shown)
    {
        var reader = Read($"webhooks: [{{name: chat, url: \"{url}\", secret: chat}}]");
        ConfigurationSchema.Bind(reader);
        var text = ConfigShow.Render(reader.Shown, "json");
        Assert.Contains($"\"{shown}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("p4th", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private MayuConfiguration? Bind(string more, out IReadOnlyList<string> problems)
    {
        var reader = Read(more);
        var configuration = ConfigurationSchema.Bind(reader);
        problems = [.. reader.Problems.Select(problem => $"{problem.Key}: {problem.Message}")];
        return configuration;
    }

    private ConfigurationReader Read(string more) => ConfigurationReader.Read("test.yaml", $$"""
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
        defaults: {image: os-1}
        data_dir: "{{_folder}}"
        secrets: [{name: chat, file: "{{_folder}}/secret"}, {name: own, file: "{{_folder}}/{serial}"}]
        {{more}}
        """, OutsideValues.None);
}
