"""What a service wrote: sentences that are known, threads, answers, and the looks that settle the rest."""
