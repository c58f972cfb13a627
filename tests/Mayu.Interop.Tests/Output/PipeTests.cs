using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Output;

/// <summary>mayuctl in a pipe.</summary>
public sealed class PipeTests
{
    [Fact]
    public async Task What_was_not_read_to_its_end_is_no_success_and_no_message()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("h");
        // Help needs no server. The reader is gone before the first byte.
        var (code, output) = await TestNetwork.TryAsync(host, "bash", "-c", $"set -o pipefail; {{ sleep 1; exec {Programs.Mayuctl} completion bash; }} | true");

        Assert.Equal((1, ""), (code, output));
    }

    [Theory]
    [InlineData("list --watch -o json")]
    [InlineData("events -o json")]
    [InlineData("trace --follow -o json")]
    public async Task What_follows_ends_when_the_reader_of_its_pipe_has_gone(string command)
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("h");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        await mayu.ConfigureAsync(MayuServer.OnLoopback);
        await mayu.StartAsync();
        var ended = TestNetwork.TryAsync(host, "timeout", "60", "bash", "-c",
            $"set -o pipefail; {Programs.Mayuctl} {command} --ca {mayu.Data}/keys/ca.pem --token-file {mayu.Data}/keys/operator-token | head -1 > /dev/null");

        for (var number = 1; number < 200 && !ended.IsCompleted; number++)
        {
            await TestNetwork.TryAsync(host, "curl", "--silent", "--max-time", "20", $"http://127.0.0.1:4081/ipxebootscript?serial=a{number}&mac=52-54-00-00-00-{number:x2}");
            await Task.WhenAny(ended, Task.Delay(100, TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, (await ended).ExitCode);
    }
}
