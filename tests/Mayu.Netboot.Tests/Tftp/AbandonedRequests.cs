using System.Net;
using System.Text;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>Requests of many senders, as they are made up on a segment, whose answers nobody takes: each address of 127.0.0.0/8 is ours.</summary>
internal static class AbandonedRequests
{
    public static void Make(LoopbackTftp server, int senders, int requestsOfEach)
    {
        for (var i = 0; i < senders; i++)
        {
            using var client = new HandClient(server.EndPoint, new IPAddress([127, 1, (byte)(i >> 8), (byte)i]));
            for (var request = 0; request < requestsOfEach; request++)
            {
                client.Ask("file", "blksize", $"{1000 + request}");
            }

            // An answer to the last one: requests that the kernel dropped would count for nothing.
            while (!Encoding.ASCII.GetString(client.Receive()).Contains($"{999 + requestsOfEach}", StringComparison.Ordinal))
            {
            }
        }
    }
}
