using Mayu.Client;
using Mayu.Primitives;
using Mayu.Server.Auth;

namespace Mayu.Server.Tests.Auth;

public sealed class ApiKeysTests
{
    [Fact]
    public void The_server_leaves_its_url_for_clients_on_its_host()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-keys-");
        try
        {
            var files = new CertificateFiles(folder.FullName);
            var certificate = OwnCertificate.Open(files, [Ipv4.Of(10, 0, 0, 1)], TimeProvider.System);
            var keys = new ApiKeys(certificate, new OperatorToken("operator", "token"), files.Ca, Path.Combine(folder.FullName, "operator-token"), ApiTokens.Open(Path.Combine(folder.FullName, "api-tokens.json"), TimeProvider.System));

            keys.LeaveUrl(Ipv4.Of(10, 0, 0, 2), 4443, usesTls: true);
            Assert.Equal("https://10.0.0.2:4443", ServerUrlFile.ReadBeside(files.Ca));
            keys.LeaveUrl(default, 4080, usesTls: true);
            Assert.Equal("https://127.0.0.1:4080", ServerUrlFile.ReadBeside(files.Ca));
            keys.LeaveUrl(default, 4080, usesTls: false);
            Assert.Equal("http://127.0.0.1:4080", ServerUrlFile.ReadBeside(files.Ca));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Whoever may write there could make every mayuctl wait for ever.
    [Fact]
    public async Task A_pipe_or_a_link_in_its_place_is_not_opened()
    {
        var folder = Directory.CreateTempSubdirectory("mayu-keys-").FullName;
        var ca = Path.Combine(folder, "ca.pem");
        var file = Path.Combine(folder, ServerUrlFile.Name);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [file]))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Null(await Task.Run(() => ServerUrlFile.ReadBeside(ca)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        File.Move(file, file + ".pipe");
        File.CreateSymbolicLink(file, file + ".pipe");
        Assert.Null(await Task.Run(() => ServerUrlFile.ReadBeside(ca)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Directory.Delete(folder, recursive: true);
    }

    // Whoever owns the folder would choose the server that gets the token.
    [Fact]
    public void No_file_of_the_current_folder_names_the_server()
    {
        var file = Path.Combine(Environment.CurrentDirectory, ServerUrlFile.Name);
        File.WriteAllText(file, "https://evil.example");
        try
        {
            Assert.Null(ServerUrlFile.ReadBeside(MayuClientOptions.SystemAuthorities));
            Assert.Null(ServerUrlFile.ReadBeside("ca.pem"));
            Assert.Equal("https://evil.example", ServerUrlFile.ReadBeside(Path.GetFullPath("ca.pem")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("ftp://10.0.0.2:4080")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void What_is_no_url_of_an_api_is_passed_over(string text)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-keys-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, ServerUrlFile.Name), text);
            Assert.Null(ServerUrlFile.ReadBeside(Path.Combine(folder.FullName, "ca.pem")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
