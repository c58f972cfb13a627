namespace Mayu.Netboot.Tests;

/// <summary>Waits for what comes in its own time.</summary>
internal static class Eventually
{
    /// <summary>Waits until it is so; after half a minute it never will be.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1500 && !condition(); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }
}
