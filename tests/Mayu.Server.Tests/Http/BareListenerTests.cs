using Mayu.Client.Contracts;
using Mayu.Server.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Http;

public class BareListenerTests
{
    [Fact]
    public void A_listener_reads_no_file_of_its_own_and_so_watches_none()
    {
        // The web SDK's builders watch every folder below the working directory for the sake of appsettings.json.
        var builder = BareListener.Begin(ApiJsonContext.Default, NullLoggerFactory.Instance);
        Assert.DoesNotContain(((IConfigurationBuilder)builder.Configuration).Sources, source => source is FileConfigurationSource);
        Assert.Null(builder.Configuration["PATH"]);
    }
}
