using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Legacy;

/// <summary>The conversation of the first Mayu's clients with this server, byte for byte as they wrote it.</summary>
public sealed class OldConversationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_request_has_its_answer(bool usesTls)
    {
        await using var server = await TestServer.StartAsync($$"""
            api: {tls: {{(usesTls ? "true" : "false")}}}
            auth: {legacy_clients: 127.0.0.1}
            profiles: [{name: core, quantity: 2, template: old}]
            """);
        Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "ignition"));
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "templates", "ignition", "old.yaml"), "ignition: {version: 3.4.0}\n", Token);
        Assert.True(OldConversation.Names.Count >= 25);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(server.Folder, "keys", "ca.pem"));
        foreach (var name in OldConversation.Names)
        {
            var to = OldConversation.IsForBoot(name) ? server.Boot : server.Api;

            var answer = await OldConversation.SendAsync(new Socket(SocketType.Stream, ProtocolType.Tcp), to.BaseAddress!, OldConversation.RequestOf(name), to.BaseAddress!.Scheme == Uri.UriSchemeHttps ? authority : null, Token);

            Assert.Equal((name, OldConversation.AnswerOf(name)), (name, answer));
        }

        var machine = Assert.Single(server.Store.Current.Machines);
        Assert.Equal(("12", "abc-1", "10.0.0.10", "v"), (machine.Cabinet, machine.ProviderId, machine.BmcAddress?.ToString(), machine.Overrides["k"]));
    }
}
